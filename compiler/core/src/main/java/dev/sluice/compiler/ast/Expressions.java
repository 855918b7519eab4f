package dev.sluice.compiler.ast;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Ast.Expression;
import dev.sluice.compiler.ir.Ast.Operator;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.report.Span;
import dev.sluice.grammar.SluiceParser;
import dev.sluice.grammar.SluiceParser.ComparisonContext;
import dev.sluice.grammar.SluiceParser.ConditionContext;
import dev.sluice.grammar.SluiceParser.ListContext;
import dev.sluice.grammar.SluiceParser.ProductContext;
import dev.sluice.grammar.SluiceParser.SignedContext;
import dev.sluice.grammar.SluiceParser.SumContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Parse tree of an expression to [Ast.Expression]: sums, products, signs.
final class Expressions {
  private final Building building;
  private final Factors factors;

  Expressions(Building building) {
    this.building = building;
    this.factors = new Factors(building, this);
  }

  /// The entries of a list.
  List<Expression> list(ListContext list) {
    return list.condition().stream().map(this::condition).toList();
  }

  Expression condition(ConditionContext condition) {
    Expression left = comparison(condition.comparison(0));
    return condition.comparison().size() == 1
        ? left
        : operation(Operator.EQUAL, left, comparison(condition.comparison(1)));
  }

  Expression comparison(ComparisonContext comparison) {
    Expression left = sum(comparison.sum(0));
    return comparison.sum().size() == 1
        ? left
        : operation(operator(comparison.getChild(1)), left, sum(comparison.sum(1)));
  }

  Expression sum(SumContext sum) {
    List<ProductContext> products = sum.product();
    Expression result = product(products.getFirst());
    for (int i = 1; i < products.size(); i++) {
      result = operation(operator(sum.getChild(2 * i - 1)), result, product(products.get(i)));
    }
    return result;
  }

  private Expression product(ProductContext product) {
    List<SignedContext> operands = product.signed();
    Expression result = signed(operands.getFirst());
    for (int i = 1; i < operands.size(); i++) {
      result = operation(operator(product.getChild(2 * i - 1)), result, signed(operands.get(i)));
    }
    return result;
  }

  private Expression signed(SignedContext signed) {
    Expression result = factors.sequence(signed.sequence());
    if (signed.MINUS().size() > building.limits().nesting()) {
      building.reportDepth(Building.span(signed));
      return result;
    }
    for (TerminalNode minus : signed.MINUS().reversed()) {
      result = new Ast.Negation(result, Characters.span(minus.getSymbol()).to(result.span()));
    }
    return result;
  }

  /// A left side, or a piece of a declaration.
  Expression sequence(SluiceParser.SequenceContext sequence) {
    return factors.sequence(sequence);
  }

  static Expression operation(Operator operator, Expression left, Expression right) {
    return new Ast.Operation(operator, left, right, left.span().to(right.span()));
  }

  /// A call of a known function.
  static Expression call(String function, List<Expression> arguments, Span name, Span whole) {
    Ast.Name symbol = new Ast.Name(Symbol.of(function), Optional.empty(), name);
    return new Ast.Apply(symbol, arguments, whole);
  }

  private static Operator operator(ParseTree node) {
    Token token = ((TerminalNode) node).getSymbol();
    return switch (token.getType()) {
      case SluiceParser.PLUS -> Operator.ADD;
      case SluiceParser.MINUS -> Operator.SUBTRACT;
      case SluiceParser.ELEMENTWISE -> Operator.ELEMENTWISE;
      case SluiceParser.DOT -> Operator.DOT;
      case SluiceParser.MATRIX_PRODUCT -> Operator.MATRIX;
      case SluiceParser.OUTER -> Operator.OUTER;
      case SluiceParser.SLASH -> Operator.DIVIDE;
      case SluiceParser.MOD -> Operator.MODULO;
      case SluiceParser.LESS -> Operator.LESS;
      case SluiceParser.LESS_OR_EQUAL -> Operator.LESS_OR_EQUAL;
      case SluiceParser.GREATER -> Operator.GREATER;
      case SluiceParser.GREATER_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
      default -> throw new IllegalStateException("operator " + token);
    };
  }

  /// The only factor that an expression consists of, if it is no more.
  static Optional<SluiceParser.FactorContext> onlyFactor(ParserRuleContext node) {
    List<ParseTree> path = new ArrayList<>();
    ParseTree at = node;
    while (!(at instanceof SluiceParser.FactorContext factor)) {
      if (at.getChildCount() != 1 || path.size() > 10) {
        return Optional.empty();
      }
      path.add(at);
      at = at.getChild(0);
    }
    return Optional.of(factor);
  }
}
