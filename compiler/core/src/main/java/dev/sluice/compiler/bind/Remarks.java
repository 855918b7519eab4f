package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Notes on what is legal and read otherwise by some: functions of matrices, and scalar products
/// where an outer product may be meant.
final class Remarks {
  private static final Set<UnaryOp> ALSO_OF_MATRICES = Set.of(UnaryOp.EXP, UnaryOp.LOG);

  private final Typing typing;
  private final Findings findings;

  private Remarks(Typing typing, Findings findings) {
    this.typing = typing;
    this.findings = findings;
  }

  static void of(List<Definition> definitions, Typing typing, Findings findings) {
    Remarks remarks = new Remarks(typing, findings);
    for (Definition d : definitions) {
      Roles.walk(d.value(), remarks::functionOfMatrix);
      boolean number = typing.type(d.symbol()) instanceof Type.Scalar;
      if (number && Calls.isUpperCase(d.symbol())) {
        Roles.walk(d.value(), term -> remarks.scalarProduct(d, term));
      }
    }
  }

  private void functionOfMatrix(Term term) {
    if (!(term instanceof Term.Product p) || p.sign() == Term.Sign.CIRCLE) {
      return;
    }
    for (Term factor : p.factors()) {
      if (!(factor instanceof Term.Map m) || !(typing.type(m) instanceof Type.Matrix)) {
        continue;
      }
      if (isWithoutBrackets(m.at())) {
        Ast.Apply call = (Ast.Apply) m.at();
        String function = Syntax.text(call.function());
        findings.note(
            "%s of a matrix".formatted(function),
            p.at(),
            "A function without brackets takes what stands next to it: this is %s(%s) times the rest. For %s of the product write %s(…) around it."
                .formatted(function, m.x().text(), function, function));
      } else if (ALSO_OF_MATRICES.contains(m.op())) {
        findings.note(
            "%s of each element".formatted(m.op().name().toLowerCase(Locale.ROOT)),
            m.at(),
            "%s is a matrix, and the function is taken of each of its elements; %s of a matrix as a whole is not built."
                .formatted(
                    m.x().text(), m.op() == UnaryOp.EXP ? "the exponential" : "the logarithm"));
      }
    }
  }

  /// `tanh W`: the call ends where its argument does.
  private static boolean isWithoutBrackets(Ast.Expression at) {
    return at instanceof Ast.Apply call
        && call.arguments().size() == 1
        && call.span().end() == call.arguments().getFirst().span().end();
  }

  private void scalarProduct(Definition d, Term term) {
    if (term instanceof Term.Product p
        && typing.factors(p).reading() == Reading.INNER
        && typing.factors(p).rest().size() == 2
        && typing.factors(p).rest().getFirst() instanceof Term.Transposed t) {
      Term right = typing.factors(p).rest().getLast();
      findings.note(
          "%s is a scalar".formatted(d.symbol().display()),
          p.at(),
          "%s is a scalar product, so %s is a number. The outer product, which makes %s a matrix, is %s %s^T."
              .formatted(
                  p.text(),
                  d.symbol().display(),
                  d.symbol().display(),
                  t.x().text(),
                  right.text()));
    }
  }
}
