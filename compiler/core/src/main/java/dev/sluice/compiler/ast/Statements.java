package dev.sluice.compiler.ast;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Ast.Expression;
import dev.sluice.compiler.ir.Ast.Statement;
import dev.sluice.compiler.report.Span;
import dev.sluice.grammar.SluiceParser;
import dev.sluice.grammar.SluiceParser.BindingContext;
import dev.sluice.grammar.SluiceParser.ComparisonContext;
import dev.sluice.grammar.SluiceParser.DeclarationContext;
import dev.sluice.grammar.SluiceParser.DefinitionContext;
import dev.sluice.grammar.SluiceParser.EqualLengthsContext;
import dev.sluice.grammar.SluiceParser.StatementContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;

/// Parse tree of a statement to [Ast.Statement]s.
final class Statements {
  private static final Set<String> INFINITE = Set.of("inf", "Inf", "infinity", "infty");

  private final Building building;
  private final Expressions expressions;
  private final Span span;

  private Statements(Building building, Span span) {
    this.building = building;
    this.expressions = new Expressions(building);
    this.span = span;
  }

  /// One statement, or several: `g = h = tanh`, `const α = 1, β`.
  static List<Statement> of(StatementContext statement, Span span, Building building) {
    Statements statements = new Statements(building, span);
    return switch (statement) {
      case DeclarationContext d -> statements.declaration(d);
      case EqualLengthsContext e -> statements.equalLengths(e);
      case DefinitionContext d -> statements.definition(d);
      default -> throw new IllegalStateException("statement " + statement.getText());
    };
  }

  private List<Statement> definition(DefinitionContext d) {
    if (d.shape != null) {
      List<Ast.Name> names = new ArrayList<>();
      namedPart(d).forEach(c -> name(expressions.comparison(c), c).ifPresent(names::add));
      return shaped(names, d.shape);
    }
    int lefts = namedPart(d).size();
    if (lefts > 1) {
      error(
          "several names on a left side",
          Building.span(d.left).to(Building.span(d.comparison(lefts - 1))),
          "An equation defines one name, or a column of names.",
          "Write (a; b) = … for a column.");
      return List.of();
    }
    if (ContinuousTime.isDerivative(building.tokens(d.left))) {
      ContinuousTime.report(Building.span(d.left), building.problems());
      return List.of();
    }
    List<Expression> sides = d.comparison().stream().map(expressions::comparison).toList();
    Expression right = sides.getLast();
    List<Statement> equations = new ArrayList<>();
    for (Expression left : sides.subList(0, sides.size() - 1)) {
      if (left instanceof Ast.Transposition(Ast.Name row, Span _)) { // hᵀ = … is h = (…)ᵀ
        equations.add(new Ast.Equation(row, new Ast.Transposition(right, right.span()), span));
      } else if (isLeftSide(left)) {
        equations.add(new Ast.Equation(withArguments(left), right, span));
      } else {
        error(
            "cannot define this",
            left.span(),
            "The left side of `=` is a name, a column of names, or a function of names.",
            left instanceof Ast.Power(Ast.Name n, Ast.Number _, var _)
                ? "A number above a name is a power; as a label it stands below: %s_{1,%s}."
                    .formatted(n.symbol().display(), building.vocabulary().index())
                : "");
      }
    }
    return equations;
  }

  /// What stands before the relation.
  private static List<ComparisonContext> namedPart(DefinitionContext d) {
    int before = d.COMMA().size() + 1;
    return d.comparison().subList(0, before);
  }

  private static boolean isLeftSide(Expression left) {
    return switch (withArguments(left)) {
      case Ast.Name _ -> true;
      case Ast.Column(var rows, var _) -> rows.stream().allMatch(r -> r instanceof Ast.Name);
      case Ast.Apply(var function, var arguments, var _) ->
          function instanceof Ast.Name && arguments.stream().allMatch(a -> a instanceof Ast.Name);
      default -> false;
    };
  }

  /// `LN(z; α) = …`: the column is the list of arguments.
  private static Expression withArguments(Expression left) {
    return left instanceof Ast.Apply(var function, var arguments, var span)
            && arguments.size() == 1
            && arguments.getFirst() instanceof Ast.Column(var rows, var _)
        ? new Ast.Apply(function, rows, span)
        : left;
  }

  private List<Statement> equalLengths(EqualLengthsContext e) {
    Optional<Ast.Name> left = name(expressions.sequence(e.left), e.left);
    Optional<Ast.Name> right = name(expressions.sequence(e.right), e.right);
    return left.isPresent() && right.isPresent()
        ? List.of(new Ast.DimDeclaration(left.get(), right.get(), span))
        : List.of();
  }

  private List<Statement> declaration(DeclarationContext d) {
    List<Statement> statements = new ArrayList<>();
    List<Ast.Name> names = new ArrayList<>();
    for (BindingContext binding : d.binding()) {
      Optional<Ast.Name> name = name(expressions.sequence(binding.sequence()), binding.sequence());
      if (name.isEmpty()) {
        continue;
      }
      names.add(name.get());
      boolean isShape =
          binding.relation != null
              && (binding.relation.getType() == SluiceParser.IN
                  || binding.relation.getType() == SluiceParser.COLON);
      if (isShape) {
        statements.addAll(shaped(List.of(name.get()), binding.value));
      }
      Optional<Expression> value =
          binding.value == null || isShape
              ? Optional.empty()
              : Optional.of(expressions.sum(binding.value));
      declared(d.keyword.getType(), name.get(), value, binding).ifPresent(statements::add);
    }
    if (d.keyword.getType() == SluiceParser.INPUT && !names.isEmpty()) {
      statements.addFirst(new Ast.InputDeclaration(names, span));
    }
    return statements;
  }

  private Optional<Statement> declared(
      int keyword, Ast.Name name, Optional<Expression> value, BindingContext binding) {
    Span own = Building.span(binding);
    return switch (keyword) {
      case SluiceParser.INPUT -> {
        value.ifPresent(v -> unexpectedValue("input", v));
        yield Optional.empty();
      }
      case SluiceParser.OUTPUT -> {
        value.ifPresent(v -> unexpectedValue("output", v));
        yield Optional.of(new Ast.OutputDeclaration(name, own));
      }
      case SluiceParser.INDEX -> {
        value.ifPresent(v -> unexpectedValue("index", v));
        yield Optional.of(new Ast.IndexDeclaration(name.symbol().plain(), own));
      }
      case SluiceParser.STATE ->
          Optional.of(new Ast.StateDeclaration(name, value.map(Statements::start), own));
      case SluiceParser.CONST -> Optional.of(new Ast.ConstDeclaration(name, value, own));
      case SluiceParser.LET -> {
        if (value.isEmpty()) {
          missing("let", "let φ = relu", own);
        }
        yield value.map(v -> new Ast.LetDeclaration(name, v, own));
      }
      case SluiceParser.INIT -> {
        if (value.isEmpty()) {
          missing("init", "init b_f = 1", own);
        }
        yield value
            .flatMap(v -> Initialisers.read(v, building.problems()))
            .map(i -> new Ast.InitDeclaration(name, i, own));
      }
      default -> throw new IllegalStateException("keyword " + keyword);
    };
  }

  /// Where a state starts: `inf` is ∞.
  private static Expression start(Expression value) {
    return switch (value) {
      case Ast.Name n when INFINITE.contains(n.symbol().plain()) ->
          new Ast.Number(Double.POSITIVE_INFINITY, n.span());
      case Ast.Negation n -> new Ast.Negation(start(n.x()), n.span());
      default -> value;
    };
  }

  private List<Statement> shaped(List<Ast.Name> names, ParserRuleContext shape) {
    if (shape.getText().equals("frozen")) {
      return names.isEmpty() ? List.of() : List.of(new Ast.FrozenDeclaration(names, span));
    }
    return DeclaredShapes.read(building.tokens(shape), Building.span(shape), building.problems())
        .filter(_ -> !names.isEmpty())
        .<Statement>map(s -> new Ast.ShapeDeclaration(names, s, span))
        .map(List::of)
        .orElse(List.of());
  }

  private Optional<Ast.Name> name(Expression expression, ParserRuleContext node) {
    if (expression instanceof Ast.Name name) {
      return Optional.of(name);
    }
    error(
        "not a name",
        Building.span(node),
        "A declaration is about names; found an expression.",
        "");
    return Optional.empty();
  }

  private void unexpectedValue(String keyword, Expression value) {
    error(
        "unexpected value",
        value.span(),
        "`%s` lists names; it gives them no values.".formatted(keyword),
        "");
  }

  private void missing(String keyword, String example, Span own) {
    error(
        "a declaration without a value",
        own,
        "`%s` needs a value: `%s`.".formatted(keyword, example),
        "");
  }

  private void error(String title, Span where, String detail, String help) {
    building.problems().error(title, where, detail, help);
  }
}
