package dev.sluice.compiler.ast;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Ast.Expression;
import dev.sluice.compiler.report.Span;
import dev.sluice.grammar.SluiceLexer;
import dev.sluice.grammar.SluiceParser.AccentedContext;
import dev.sluice.grammar.SluiceParser.BracesContext;
import dev.sluice.grammar.SluiceParser.BracketsContext;
import dev.sluice.grammar.SluiceParser.FactorContext;
import dev.sluice.grammar.SluiceParser.ParenthesesContext;
import dev.sluice.grammar.SluiceParser.PrimaryContext;
import dev.sluice.grammar.SluiceParser.RootContext;
import dev.sluice.grammar.SluiceParser.ScriptArgumentContext;
import dev.sluice.grammar.SluiceParser.ScriptContext;
import dev.sluice.grammar.SluiceParser.SequenceContext;
import dev.sluice.grammar.SluiceParser.StyledContext;
import dev.sluice.grammar.SluiceParser.SubscriptContext;
import dev.sluice.grammar.SluiceParser.SuperscriptContext;
import dev.sluice.grammar.SluiceParser.WordContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/// Factors side by side: names with their scripts, functions before their arguments, products.
final class Factors {
  private static final Set<Integer> WORDY =
      Set.of(SluiceLexer.LBRACE, SluiceLexer.RBRACE, SluiceLexer.WORD, SluiceLexer.PRIME);

  private static final Set<String> INDICATORS = Set.of("I", "1", "𝕀");
  private static final Set<Integer> COMPARISONS =
      Set.of(
          SluiceLexer.EQUALS,
          SluiceLexer.EQUAL_TO,
          SluiceLexer.LESS,
          SluiceLexer.LESS_OR_EQUAL,
          SluiceLexer.GREATER,
          SluiceLexer.GREATER_OR_EQUAL);

  private final Building building;
  private final Expressions expressions;
  private final Primaries primaries;
  private int functionsInFront = 0;

  Factors(Building building, Expressions expressions) {
    this.building = building;
    this.expressions = expressions;
    this.primaries = new Primaries(building, expressions, this);
  }

  /// An expression and how many factors it took.
  private record Taken(Expression expression, int factors) {}

  Expression sequence(SequenceContext sequence) {
    List<FactorContext> factors = sequence.factor();
    List<Expression> operands = new ArrayList<>();
    for (int i = 0; i < factors.size(); ) {
      Taken taken = operand(factors, i);
      operands.add(taken.expression);
      i += taken.factors;
    }
    return operands.size() == 1
        ? operands.getFirst()
        : new Ast.Juxtaposition(operands, operands.getFirst().span().to(operands.getLast().span()));
  }

  private Taken operand(List<FactorContext> factors, int i) {
    FactorContext factor = factors.get(i);
    Optional<FactorContext> next =
        i + 1 < factors.size() ? Optional.of(factors.get(i + 1)) : Optional.empty();
    Optional<Expression> indicator = indicator(factor);
    if (indicator.isPresent()) {
      return new Taken(indicator.get(), 1);
    }
    Optional<NameParts> base = baseName(factor.primary());
    if (base.isPresent()) {
      return named(scripted(base.get(), factor), factors, i, next);
    }
    if (factor.primary() instanceof RootContext root && root.primary() instanceof WordContext w) {
      Expression name = finished(scripted(baseName(w).orElseThrow(), factor));
      Span sign = Characters.span(root.start);
      Expression call = Expressions.call("sqrt", List.of(name), sign, sign.to(name.span()));
      return new Taken(call, 1);
    }
    Expression value = primaries.expression(factor.primary());
    boolean isFunctionColumn =
        factor.script().isEmpty()
            && next.isPresent()
            && isArgument(next.get())
            && value instanceof Ast.Column(var rows, var _)
            && rows.stream().allMatch(r -> r instanceof Ast.Name n && n.delay().isEmpty());
    if (isFunctionColumn) {
      FactorContext argument = next.orElseThrow();
      return new Taken(apply(value, argument, factor), 2);
    }
    return new Taken(withScripts(value, factor.script()), 1);
  }

  /// `\mathbb{I}_{l=1}`, `\mathbf{1}_{x > 0}`: 1 where the condition holds, else 0.
  private Optional<Expression> indicator(FactorContext factor) {
    boolean isOne = INDICATORS.contains(text(factor.primary()));
    if (isOne
        && factor.script().size() == 1
        && factor.script(0) instanceof SubscriptContext script
        && script.scriptArgument().list() != null) {
      List<? extends Token> condition = building.tokens(script.scriptArgument());
      if (condition.stream().anyMatch(t -> COMPARISONS.contains(t.getType()))) {
        return Optional.of(expressions.list(script.scriptArgument().list()).getFirst());
      }
    }
    return Optional.empty();
  }

  /// The only word or number of a primary, without its style.
  private String text(PrimaryContext primary) {
    StringBuilder text = new StringBuilder();
    for (Token token : building.tokens(primary)) {
      switch (token.getType()) {
        case SluiceLexer.WORD, SluiceLexer.NUMBER -> text.append(token.getText());
        case SluiceLexer.FONT, SluiceLexer.LBRACE, SluiceLexer.RBRACE -> {}
        default -> {
          return "";
        }
      }
    }
    return text.toString();
  }

  /// `(a, b)`, or `(z; α, β)`; but `(a; b)` is a column.
  private static boolean isArgumentList(ParenthesesContext p) {
    return p.list().size() == 1 || p.list().stream().anyMatch(l -> l.condition().size() > 1);
  }

  private Scripts.Scripted scripted(NameParts base, FactorContext factor) {
    return new Scripts(base, building, this::exponent).read(factor.script());
  }

  private Expression exponent(ScriptArgumentContext argument) {
    return primaries.exponent(argument);
  }

  private Taken named(
      Scripts.Scripted scripted, List<FactorContext> factors, int i, Optional<FactorContext> next) {
    NameParts name = scripted.name();
    boolean function = name.delay().isEmpty() && building.vocabulary().isFunction(name.plain());
    if (next.isEmpty() || name.delay().isPresent() || scripted.transposed()) {
      return new Taken(finished(scripted), 1);
    }
    FactorContext following = next.get();
    OptionalInt delay = function ? OptionalInt.empty() : delay(following);
    if (delay.isPresent() && scripted.isPlainName()) {
      return timed(name, following);
    }
    if (function && following.primary() instanceof WordContext) {
      if (++functionsInFront > building.limits().nesting()) {
        building.reportDepth(Building.span(factors.get(i)));
        return new Taken(finished(scripted), factors.size() - i);
      }
      Taken argument = operand(factors, i + 1);
      functionsInFront--;
      Ast.Name symbol = building.names().name(name);
      Span span = symbol.span().to(argument.expression.span());
      Expression applied = new Ast.Apply(symbol, List.of(argument.expression), span);
      return new Taken(raised(applied, scripted), 1 + argument.factors);
    }
    boolean product = !scripted.isPlainName() || !following.script().isEmpty();
    boolean called =
        function
            ? startsArgument(following)
            : !product && following.primary() instanceof ParenthesesContext;
    if (!called) {
      return new Taken(finished(scripted), 1);
    }
    Ast.Name symbol = building.names().name(name);
    return new Taken(raised(apply(symbol, following, factors.get(i)), scripted), 2);
  }

  /// `\tanh^2(x)` is the square of `tanh(x)`.
  private static Expression raised(Expression applied, Scripts.Scripted scripted) {
    return scripted
        .power()
        .<Expression>map(p -> new Ast.Power(applied, p, applied.span()))
        .orElse(applied);
  }

  private static boolean startsArgument(FactorContext factor) {
    return !(factor.primary() instanceof WordContext);
  }

  private static boolean isArgument(FactorContext factor) {
    return factor.primary() instanceof ParenthesesContext
        || factor.primary() instanceof BracketsContext
        || factor.primary() instanceof BracesContext;
  }

  private Expression apply(Expression function, FactorContext argument, FactorContext first) {
    List<Expression> arguments =
        argument.primary() instanceof ParenthesesContext p && isArgumentList(p)
            ? p.list().stream().flatMap(l -> expressions.list(l).stream()).toList()
            : List.of(value(argument.primary()));
    Span span = Building.span(first).to(Building.span(argument.primary()));
    return withScripts(new Ast.Apply(function, arguments, span), argument.script());
  }

  /// A primary without scripts.
  Expression value(PrimaryContext primary) {
    Optional<NameParts> base = baseName(primary);
    return base.isPresent() ? building.names().name(base.get()) : primaries.expression(primary);
  }

  /// `x(t-1)`, then possibly a power or a transposition.
  private Taken timed(NameParts name, FactorContext time) {
    int delay = delay(time).orElseThrow();
    if (Math.abs((long) delay) > building.limits().delay()) {
      building
          .problems()
          .error(
              "delay out of range",
              Building.span(time),
              "A delay is at most %d steps.".formatted(building.limits().delay()),
              "");
    }
    NameParts timed = name.withDelay(delay).withSpan(name.span().to(Building.span(time.primary())));
    return new Taken(finished(new Scripts(timed, building, this::exponent).read(time.script())), 2);
  }

  private OptionalInt delay(FactorContext factor) {
    List<? extends Token> tokens = building.tokens(factor.primary());
    return Scan.isTimeGroup(tokens, 0, building.vocabulary().index())
        ? Scan.delay(tokens.subList(1, tokens.size() - 1), building.vocabulary().index())
        : OptionalInt.empty();
  }

  private Expression finished(Scripts.Scripted scripted) {
    NameParts parts = scripted.name();
    boolean isExp =
        scripted.power().isPresent()
            && parts.isBare()
            && parts.base().key().equals("e")
            && !building.vocabulary().isValue("e");
    if (isExp) {
      Span e = new Span(parts.span().start(), parts.span().start() + 1);
      return Expressions.call("exp", List.of(scripted.power().get()), e, parts.span());
    }
    Expression value = building.names().name(parts);
    if (scripted.transposed()) {
      value = new Ast.Transposition(value, parts.span());
    }
    return raised(value, scripted);
  }

  /// Scripts of what is no name: powers and transpositions.
  private Expression withScripts(Expression base, List<ScriptContext> scripts) {
    Expression value = base;
    for (ScriptContext script : scripts) {
      Span span = base.span().to(Building.span(script));
      List<? extends Token> tokens = building.tokens(script);
      String text = TimeIndex.ordinary(script.getText()).replaceAll("[\\^{}]", "");
      boolean raised = script instanceof SuperscriptContext;
      if (text.equals("T") || raised && Scripts.isTransposition(tokens.subList(1, tokens.size()))) {
        value = new Ast.Transposition(value, span);
      } else if (text.equals("+") || text.equals("_+")) { // [x]_+, the positive part
        value = Expressions.call("relu", List.of(value), Building.span(script), span);
      } else if (raised && !isTime(((SuperscriptContext) script).scriptArgument())) {
        Expression exponent = exponent(((SuperscriptContext) script).scriptArgument());
        value = new Ast.Power(value, exponent, span);
      } else if (Scan.type(tokens, 0) == SluiceLexer.SUPERSCRIPT && text.matches("-?[0-9]{1,9}")) {
        value =
            new Ast.Power(
                value, new Ast.Number(Integer.parseInt(text), Building.span(script)), span);
      } else {
        notOnAName(script);
      }
    }
    return value;
  }

  private boolean isTime(ScriptArgumentContext argument) {
    List<? extends Token> all = building.tokens(argument);
    List<? extends Token> content =
        Scan.type(all, 0) == SluiceLexer.LBRACE ? all.subList(1, all.size() - 1) : all;
    return Scan.delay(content, building.vocabulary().index()).isPresent();
  }

  private void notOnAName(ScriptContext script) {
    building
        .problems()
        .error(
            "a script without a name",
            Building.span(script),
            "A time, a label and a prime belong to a name; here they follow a bracket or a number.",
            "Give the bracket a name of its own: z_t = …");
  }

  /// The name that a primary is: a word, also with an accent or in another type.
  private Optional<NameParts> baseName(PrimaryContext primary) {
    return switch (primary) {
      case WordContext w -> {
        Piece piece =
            w.WORD() != null ? building.names().word(w.start) : building.names().command(w.start);
        yield Optional.of(NameParts.of(piece, Building.span(w)));
      }
      case AccentedContext a -> {
        Optional<NameParts> inner = baseName(a.primary());
        if (inner.isEmpty()) {
          accentWithoutName(a);
        }
        yield inner.map(n -> styled(n, a.ACCENT().getSymbol(), Building.span(a)));
      }
      case StyledContext s ->
          baseName(s.primary()).map(n -> styled(n, s.FONT().getSymbol(), Building.span(s)));
      case BracesContext b -> bracedName(b);
      default -> Optional.empty();
    };
  }

  private NameParts styled(NameParts name, Token command, Span span) {
    return name.withBase(building.names().styled(name.base(), command)).withSpan(span);
  }

  /// `{r_t}` as in `\mathbf{r_t}`. Scripts with brackets inside are left to the expression, so that
  /// none is read more than twice, however deep they nest.
  private Optional<NameParts> bracedName(BracesContext braces) {
    Optional<FactorContext> only = Expressions.onlyFactor(braces.list());
    if (only.isEmpty() || only.get().script().stream().anyMatch(this::mayBePower)) {
      return Optional.empty();
    }
    return baseName(only.get().primary())
        .map(n -> scripted(n, only.get()))
        .filter(Scripts.Scripted::isPlainName)
        .map(s -> s.name().withSpan(Building.span(braces)));
  }

  private boolean mayBePower(ScriptContext script) {
    if (!(script instanceof SuperscriptContext superscript)) {
      return false;
    }
    List<? extends Token> argument = building.tokens(superscript.scriptArgument());
    boolean isTime = isTime(superscript.scriptArgument());
    boolean isWord = argument.stream().allMatch(t -> WORDY.contains(t.getType()));
    return !isTime && !isWord;
  }

  private void accentWithoutName(AccentedContext accented) {
    building
        .problems()
        .error(
            "an accent without a name",
            Building.span(accented),
            "`%s` makes another name of a name; here it is over an expression."
                .formatted(accented.ACCENT().getText()),
            "");
  }
}
