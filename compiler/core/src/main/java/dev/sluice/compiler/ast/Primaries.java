package dev.sluice.compiler.ast;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Ast.Expression;
import dev.sluice.compiler.ir.Ast.Operator;
import dev.sluice.compiler.report.Span;
import dev.sluice.grammar.SluiceParser.*;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Numbers, brackets, fractions, matrices, cases: whatever is no name.
final class Primaries {
  private final Building building;
  private final Expressions expressions;
  private final Factors factors;

  Primaries(Building building, Expressions expressions, Factors factors) {
    this.building = building;
    this.expressions = expressions;
    this.factors = factors;
  }

  Expression expression(PrimaryContext primary) {
    return switch (primary) {
      case NumberContext n -> number(n.getText(), Building.span(n));
      case ParenthesesContext p -> parentheses(p);
      case BracketsContext b -> brackets(b);
      case BracesContext b -> one(expressions.list(b.list()), Building.span(b));
      case AbsoluteContext a -> call("abs", expressions.sum(a.sum()), a);
      case RootContext r -> root(r);
      case FractionContext f ->
          new Ast.Operation(
              Operator.DIVIDE,
              factors.value(f.numerator),
              factors.value(f.denominator),
              Building.span(f));
      case StyledContext s -> factors.value(s.primary());
      case AccentedContext a -> factors.value(a.primary());
      case MatrixContext m -> matrix(m);
      case CasesContext c -> cases(c);
      default -> throw new IllegalStateException("primary " + primary.getText());
    };
  }

  /// The expression of an exponent.
  Expression exponent(ScriptArgumentContext argument) {
    Span span = Building.span(argument);
    if (argument.list() != null) {
      return one(expressions.list(argument.list()), span);
    }
    if (argument.NUMBER() != null) {
      Expression number = number(argument.NUMBER().getText(), span);
      return argument.MINUS() == null ? number : new Ast.Negation(number, span);
    }
    if (argument.primary() != null) {
      return factors.value(argument.primary());
    }
    if (argument.WORD() != null || argument.COMMAND() != null) {
      Piece piece =
          argument.WORD() != null
              ? building.names().word(argument.WORD().getSymbol())
              : building.names().command(argument.COMMAND().getSymbol());
      Expression name = building.names().name(NameParts.of(piece, span));
      return argument.MINUS() == null ? name : new Ast.Negation(name, span);
    }
    error("not an exponent", span, "A power needs a number or an expression.", "");
    return new Ast.Number(1, span);
  }

  private Expression number(String text, Span span) {
    boolean isSign = text.equals("∞") || text.equals("\\infty");
    double value = isSign ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    if (isSign) {
      return new Ast.Number(value, span);
    }
    if (Double.isInfinite(value)) {
      error("the number is too large", span, "Numbers go up to 1.8e308.", "");
    }
    return new Ast.Number(value, span);
  }

  private static Expression call(String function, Expression x, PrimaryContext node) {
    return Expressions.call(function, List.of(x), Characters.span(node.start), Building.span(node));
  }

  private Expression root(RootContext root) {
    if (root.primary() instanceof BracketsContext) {
      error("not a square root", Building.span(root), "Only the square root is known.", "");
    }
    return call("sqrt", factors.value(root.primary()), root);
  }

  private Expression one(List<Expression> entries, Span span) {
    if (entries.size() > 1) {
      error(
          "a list where a value is expected",
          span,
          "%d entries stand here, expected one.".formatted(entries.size()),
          "A column is written with semicolons: `(i_t; f_t)`; [a, b] stacks two vectors.");
    }
    return entries.getFirst();
  }

  private Expression parentheses(ParenthesesContext p) {
    Span span = Building.span(p);
    if (p.list().size() == 1) {
      return one(expressions.list(p.list(0)), span);
    }
    return new Ast.Column(
        p.list().stream().map(l -> one(expressions.list(l), Building.span(l))).toList(), span);
  }

  /// `[h, x]` is a concatenation, `[h; x]` a column, `[h]` only a bracket.
  private Expression brackets(BracketsContext b) {
    Span span = Building.span(b);
    List<Expression> rows = b.list().stream().map(l -> row(expressions.list(l), l)).toList();
    return rows.size() == 1 ? rows.getFirst() : new Ast.Column(rows, span);
  }

  private Expression row(List<Expression> entries, ListContext list) {
    Span inner = Building.span(list);
    return entries.size() == 1 ? entries.getFirst() : new Ast.Concatenation(entries, inner);
  }

  private Expression matrix(MatrixContext m) {
    Span span = Building.span(m);
    List<CellsContext> rows = m.cells();
    if (rows.size() == 1) {
      List<Expression> entries =
          rows.getFirst().condition().stream().map(expressions::condition).toList();
      return entries.size() == 1 ? entries.getFirst() : new Ast.Concatenation(entries, span);
    }
    for (CellsContext row : rows) {
      if (row.condition().size() > 1) {
        error(
            "a matrix of several columns",
            Building.span(row),
            "A column has one entry per row; this row has %d.".formatted(row.condition().size()),
            "Write products of blocks as a sum: W h + U x.");
      }
    }
    return new Ast.Column(
        rows.stream().map(r -> expressions.condition(r.condition(0))).toList(), span);
  }

  /// `\begin{cases} a & x > 0 \\ b & \text{otherwise} \end{cases}` is `where(x > 0, a, b)`.
  private Expression cases(CasesContext c) {
    List<BranchContext> branches = new ArrayList<>(c.branch());
    BranchContext last = branches.removeLast();
    if (condition(last).isPresent()) {
      error(
          "cases without an end",
          Building.span(last),
          "The last case must hold wherever no other does.",
          "End with: & \\text{otherwise}.");
    }
    Expression result = expressions.sum(last.sum());
    for (BranchContext branch : branches.reversed()) {
      Span span = Building.span(branch);
      Optional<Expression> condition = condition(branch);
      if (condition.isEmpty()) {
        error("a case without a condition", span, "Only the last case has none.", "");
        continue;
      }
      List<Expression> arguments = List.of(condition.get(), expressions.sum(branch.sum()), result);
      result = Expressions.call("where", arguments, span, span.to(result.span()));
    }
    return result;
  }

  private Optional<Expression> condition(BranchContext branch) {
    return Optional.ofNullable(branch.guard())
        .flatMap(g -> Optional.ofNullable(g.condition()))
        .map(expressions::condition);
  }

  private void error(String title, Span span, String detail, String help) {
    building.problems().error(title, span, detail, help);
  }
}
