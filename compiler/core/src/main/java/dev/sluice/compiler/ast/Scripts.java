package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.report.Span;
import dev.sluice.grammar.SluiceParser.LoweredContext;
import dev.sluice.grammar.SluiceParser.PrimeContext;
import dev.sluice.grammar.SluiceParser.RaisedContext;
import dev.sluice.grammar.SluiceParser.ScriptArgumentContext;
import dev.sluice.grammar.SluiceParser.ScriptContext;
import dev.sluice.grammar.SluiceParser.SubscriptContext;
import dev.sluice.grammar.SluiceParser.SuperscriptContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Token;

/// What the scripts of a name mean. A subscript is a time, a label, or both. A superscript is, in
/// this order: a prime, a transposition, a time, a power, a label.
final class Scripts {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,9}");

  /// Letters that count layers.
  private static final Set<String> LAYERS = Set.of("l", "L", "\\ell", "ell", "ℓ");

  private final List<? extends Token> tokens;
  private final Vocabulary vocabulary;
  private final Names names;
  private final Limits limits;
  private final Problems problems;
  private final Function<ScriptArgumentContext, Ast.Expression> expression;

  private NameParts name;
  private boolean transposed = false;
  private Optional<Ast.Expression> power = Optional.empty();

  /// A name with what was done to it.
  record Scripted(NameParts name, boolean transposed, Optional<Ast.Expression> power) {
    boolean isPlainName() {
      return !transposed && power.isEmpty();
    }
  }

  Scripts(
      NameParts name,
      Building building,
      Function<ScriptArgumentContext, Ast.Expression> expression) {
    this.name = name;
    this.tokens = building.tokens();
    this.vocabulary = building.vocabulary();
    this.names = building.names();
    this.limits = building.limits();
    this.problems = building.problems();
    this.expression = expression;
  }

  Scripted read(List<ScriptContext> scripts) {
    for (ScriptContext script : scripts) {
      Span span = Building.span(script);
      name = name.withSpan(name.span().to(span));
      switch (script) {
        case PrimeContext p -> name = name.withPrimes(primes(p.getText()));
        case SubscriptContext s -> subscript(content(s.scriptArgument()), span);
        case LoweredContext l -> small(TimeIndex.ordinary(l.getText()), span, true);
        case RaisedContext r -> small(TimeIndex.ordinary(r.getText()), span, false);
        case SuperscriptContext s -> superscript(s.scriptArgument(), span);
        default -> throw new IllegalStateException("script " + script.getText());
      }
    }
    return new Scripted(name, transposed, power);
  }

  private static int primes(String text) {
    return text.startsWith("\\")
        ? 1
        : text.chars().map(c -> c == '\u2033' ? 2 : c == '\u2034' ? 3 : 1).sum();
  }

  /// The tokens of an argument without its own brackets.
  private List<? extends Token> content(ScriptArgumentContext argument) {
    List<? extends Token> all =
        tokens.subList(argument.start.getTokenIndex(), argument.stop.getTokenIndex() + 1);
    return isBracketed(all, LBRACE) || isBracketed(all, LPAREN) ? inner(all) : all;
  }

  private static List<? extends Token> inner(List<? extends Token> bracketed) {
    return bracketed.subList(1, bracketed.size() - 1);
  }

  private static boolean isBracketed(List<? extends Token> all, int bracket) {
    return Scan.type(all, 0) == bracket && Scan.afterArgument(all, 0) == all.size();
  }

  private void subscript(List<? extends Token> content, Span span) {
    for (List<? extends Token> part : Scan.parts(content)) {
      OptionalInt delay = Scan.delay(part, vocabulary.index());
      if (delay.isPresent()) {
        time(delay.getAsInt(), span);
      } else {
        below(names.label(part, span));
      }
    }
  }

  /// `c_tilde` is c̃, `h_prime` is h′.
  private void below(Piece label) {
    if (name.below().isEmpty() && name.above().isEmpty() && name.primes() == 0) {
      Optional<String> accent = Letters.accent(label.plain());
      if (accent.isPresent()) {
        name = name.withBase(name.base().accented(accent.get()));
        return;
      }
    }
    name = label.display().equals("prime") ? name.withPrimes(1) : name.withBelow(label);
  }

  private void time(int delay, Span span) {
    if (Math.abs((long) delay) > limits.delay()) {
      problems.error(
          "delay out of range", span, "A delay is at most %d steps.".formatted(limits.delay()), "");
      return;
    }
    if (name.delay().isPresent()) {
      problems.error(
          "two times", span, "`%s` has a time already.".formatted(name.display()), "Remove one.");
      return;
    }
    name = name.withDelay(delay);
  }

  /// Small characters: `ₜ₋₁`, `ᵢ`, `²`, `ᵀ`, `⁽ᵗ⁾`.
  private void small(String text, Span span, boolean below) {
    if (!below && text.equals("T")) {
      transpose(span);
      return;
    }
    String index = Pattern.quote(vocabulary.index());
    Matcher time =
        Pattern.compile("([A-Za-z0-9]*?)[(]?" + index + "(?:([+-])([0-9]{1,9}))?[)]?")
            .matcher(text);
    if (time.matches()) {
      if (!time.group(1).isEmpty()) {
        label(Piece.of(time.group(1)), below);
      }
      int steps = time.group(3) == null ? 0 : Integer.parseInt(time.group(3));
      time("+".equals(time.group(2)) ? -steps : steps, span);
    } else if (!below && WHOLE_NUMBER.matcher(text).matches()) {
      power(new Ast.Number(Integer.parseInt(text), span), span);
    } else {
      label(smallLabel(text, span), below);
    }
  }

  private Piece smallLabel(String text, Span span) {
    if (Letters.greek(text).isPresent()) {
      return Piece.of(Letters.greek(text).get());
    }
    if (text.matches("[A-Za-z0-9]+")) {
      return Piece.of(text);
    }
    problems.error(
        "not a label",
        span,
        "A script is a time (`t`, `t-1`) or a label of letters and digits; found `%s`."
            .formatted(text),
        "");
    return Piece.WRONG;
  }

  private void label(Piece label, boolean below) {
    if (below) {
      below(label);
    } else {
      name = name.withAbove(label);
    }
  }

  private void superscript(ScriptArgumentContext argument, Span span) {
    List<? extends Token> content = content(argument);
    int only = content.size() == 1 ? Scan.type(content, 0) : Token.EOF;
    if (only == PRIME) {
      name = name.withPrimes(primes(content.getFirst().getText()));
    } else if (only == TOP || isTransposition(content)) {
      transpose(span);
    } else if (!timeAndLabels(content, span)) {
      powerOrLabel(argument, content, span);
    }
  }

  /// `T`, `\mathrm{T}`, `\mathsf T`
  static boolean isTransposition(List<? extends Token> content) {
    List<? extends Token> word =
        content.stream().filter(t -> !Set.of(FONT, LBRACE, RBRACE).contains(t.getType())).toList();
    return word.size() == 1
        && (Scan.type(word, 0) == TOP
            || Scan.type(word, 0) == WORD && word.getFirst().getText().equals("T"));
  }

  /// `t-1`, `(t)`, and with a label `f,t`.
  private boolean timeAndLabels(List<? extends Token> content, Span span) {
    List<List<? extends Token>> parts = Scan.parts(content);
    boolean any = parts.stream().anyMatch(p -> Scan.delay(p, vocabulary.index()).isPresent());
    if (any) {
      for (List<? extends Token> part : parts) {
        OptionalInt delay = Scan.delay(part, vocabulary.index());
        if (delay.isPresent()) {
          time(delay.getAsInt(), span);
        } else {
          name = name.withAbove(names.label(part, span));
        }
      }
    }
    return any;
  }

  private void powerOrLabel(
      ScriptArgumentContext argument, List<? extends Token> content, Span span) {
    List<? extends Token> letters = isBracketed(content, LPAREN) ? inner(content) : content;
    Optional<Piece> layer = layer(letters, span);
    if (layer.isPresent()) {
      name = name.withAbove(layer.get());
      return;
    }
    boolean isExp = name.isBare() && name.base().plain().equals("e") && !vocabulary.isValue("e");
    if (isExp || !isRun(letters)) {
      if (letters != content && letters.size() == 1) {
        reportTwoReadings(letters.getFirst().getText(), span);
      }
      power(expression.apply(argument), span);
      return;
    }
    String text = letters.size() == 1 ? letters.getFirst().getText() : "";
    boolean declared = vocabulary.declaresSuperscript(name.base().display(), text);
    if (!declared && vocabulary.mayBeExponent(text)) {
      reportTwoReadings(text, span);
    }
    name = name.withAbove(names.label(letters, span));
  }

  /// `ℓ-1` of `h_t^{ℓ-1}`, where ℓ is nothing else in the file: the layer below, not a power.
  private Optional<Piece> layer(List<? extends Token> content, Span span) {
    int sign = Scan.type(content, 1);
    boolean shifted =
        content.size() == 3
            && (Scan.type(content, 0) == WORD || Scan.type(content, 0) == COMMAND)
            && (sign == PLUS || sign == MINUS)
            && Scan.type(content, 2) == NUMBER
            && content.get(2).getText().matches("[0-9]{1,3}");
    String letter = shifted ? Vocabulary.rough(content.getFirst().getText()) : "";
    if (!LAYERS.contains(letter)
        || vocabulary.mayBeExponent(letter)
        || vocabulary.isValue(letter)) {
      return Optional.empty();
    }
    Piece base = names.label(content.subList(0, 1), span);
    String number = content.get(2).getText();
    boolean minus = sign == MINUS;
    return Optional.of(
        new Piece(
            base.plain() + (minus ? "_minus_" : "_plus_") + number,
            base.display() + (minus ? "-" : "+") + number,
            base.key() + (minus ? "-" : "+") + number));
  }

  /// Letters, possibly with digits after them, and signs that only a label can be.
  private static boolean isRun(List<? extends Token> content) {
    if (content.size() == 1 && Scan.type(content, 0) == NUMBER) {
      return false;
    }
    boolean letters = false;
    for (Token token : content) {
      switch (token.getType()) {
        case WORD, COMMAND, ACCENT, FONT -> letters = true;
        case NUMBER, LBRACE, RBRACE -> {}
        case DOT, PLUS, MINUS -> {
          return content.size() == 1;
        }
        default -> {
          return false;
        }
      }
    }
    return letters;
  }

  private void reportTwoReadings(String script, Span span) {
    String base = name.display();
    String time = name.delay().map(this::written).orElse("");
    String operand = time.isEmpty() ? base : "%s_{%s}".formatted(base, time);
    problems.error(
        "a superscript with two readings",
        span,
        "`%s^%s` is the power `(%s)^{%s}` or a name with the label `%s`."
            .formatted(operand, script, operand, script, script),
        "Write `(%s)^{%s}` for the power, `%s` for the name."
            .formatted(
                operand,
                script,
                time.isEmpty() ? base + "_" + script : "%s_{%s,%s}".formatted(base, script, time)));
  }

  private String written(int delay) {
    return vocabulary.index() + (delay == 0 ? "" : delay < 0 ? "+" + -delay : "-" + delay);
  }

  private void transpose(Span span) {
    if (transposed) {
      problems.error("transposed twice", span, "The first transposition is enough.", "");
    }
    transposed = true;
  }

  private void power(Ast.Expression exponent, Span span) {
    if (power.isPresent()) {
      problems.error("two powers", span, "A name has one power.", "Use brackets: (x^2)^3.");
    }
    power = Optional.of(exponent);
  }
}
