package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.report.Source;
import dev.sluice.compiler.report.Span;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Remarks a product below `/` that stands in no brackets: `α/2 tanh(z)` is `α/(2 tanh(z))`, for
/// what stands side by side binds more tightly, and some who write it mean `(α/2) tanh(z)`.
final class Denominators {
  private static final Pattern DIVIDED = Pattern.compile("(?s).*(/|÷|∕|⊘|\\\\div|\\\\oslash)\\s*");

  /// No sign of division with blanks behind it is longer.
  private static final int LOOK_BACK = 40;

  private final Scope scope;
  private final Source source;
  private final Findings findings;

  /// A repetition writes the same place several times.
  private final Set<Span> remarked = new HashSet<>();

  private Denominators(Scope scope, Source source, Findings findings) {
    this.scope = scope;
    this.source = source;
    this.findings = findings;
  }

  static void remark(Ast.File file, Scope scope, Source source, Findings findings) {
    Denominators denominators = new Denominators(scope, source, findings);
    for (Ast.Statement statement : file.statements()) {
      if (statement instanceof Ast.Equation e) {
        denominators.walk(e.right());
      }
    }
  }

  private void walk(Ast.Expression root) {
    Deque<Ast.Expression> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Ast.Expression e = open.pop();
      if (e instanceof Ast.Operation(Ast.Operator operator, var left, var right, var _)
          && operator == Ast.Operator.DIVIDE
          && isProduct(right)
          && followsSign(right)
          && remarked.add(right.span())) {
        note(left, right);
      }
      Syntax.children(e).reversed().forEach(open::push);
    }
  }

  /// `2 tanh(z)`; `β (V x)`, which looks like a call.
  private boolean isProduct(Ast.Expression e) {
    return e instanceof Ast.Juxtaposition
        || e instanceof Ast.Apply a
            && Syntax.untimed(a.function()).filter(s -> !isFunction(s)).isPresent();
  }

  private boolean isFunction(Symbol symbol) {
    return scope.bound(symbol).isPresent()
        || FunctionTable.find(symbol).isPresent()
        || FunctionTable.isSlideTanh(symbol) && !scope.isValue(symbol);
  }

  /// A bracket stands between otherwise.
  private boolean followsSign(Ast.Expression denominator) {
    int start = denominator.span().start();
    String before = source.text().substring(Math.max(0, start - LOOK_BACK), start);
    return DIVIDED.matcher(before).matches();
  }

  private void note(Ast.Expression left, Ast.Expression right) {
    List<Ast.Expression> factors =
        switch (right) {
          case Ast.Juxtaposition j -> j.factors();
          case Ast.Apply a -> Syntax.children(a);
          default -> List.of(right);
        };
    Ast.Expression quotient =
        new Ast.Operation(Ast.Operator.DIVIDE, left, factors.getFirst(), left.span());
    String rest =
        Syntax.text(
            factors.size() == 2 && !Syntax.isSum(factors.getLast())
                ? factors.getLast()
                : new Ast.Juxtaposition(factors.subList(1, factors.size()), right.span()));
    String product = Syntax.text(right);
    findings.note(
        "a product below the line",
        right,
        "Factors side by side bind more tightly than `/`, so all of %s is below: … / (%s). If that is meant, bracket it; the other reading is written (%s) %s."
            .formatted(product, product, Syntax.text(quotient), rest));
  }
}
