package dev.sluice.compiler.bind;

import dev.sluice.compiler.bind.Typing.Phase;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Symbol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Types of products, and what each means.
final class ProductTyping {
  /// @param rest vectors and matrices
  record Factors(List<Term> scalars, List<Term> rest, Reading reading) {}

  private final Typing typing;
  private final Findings findings;
  private final Map<Symbol, Term.Product> firstProducts = new HashMap<>();

  ProductTyping(Typing typing, Findings findings) {
    this.typing = typing;
    this.findings = findings;
  }

  Factors factors(Term.Product p) {
    List<Term> scalars =
        p.factors().stream().filter(f -> typing.type(f) instanceof Type.Scalar).toList();
    List<Term> rest =
        p.factors().stream().filter(f -> !(typing.type(f) instanceof Type.Scalar)).toList();
    boolean elementwise =
        p.sign() == Term.Sign.CIRCLE
            && rest.size() > 1
            && rest.stream().allMatch(f -> typing.type(f) instanceof Type.Matrix);
    Reading reading =
        elementwise ? Reading.ELEMENTWISE : Reading.of(rest.stream().map(this::kind).toList());
    return new Factors(scalars, rest, reading);
  }

  private Reading.Kind kind(Term factor) {
    return typing.type(factor) instanceof Type.Matrix
        ? Reading.Kind.MATRIX
        : factor instanceof Term.Transposed ? Reading.Kind.TRANSPOSED : Reading.Kind.VECTOR;
  }

  Type type(Term.Product p) {
    if (p.factors().stream().map(typing::type).anyMatch(Type.BROKEN::equals)) {
      return Type.BROKEN;
    }
    Factors f = factors(p);
    if (isOuterSign(p) && hasMatrix(f)) {
      findings.error(
          "⊗ of a matrix",
          p.at(),
          "⊗ is the outer product of two vectors; %s has a matrix. The Kronecker product is not built."
              .formatted(p.text()),
          "The elementwise product is ∘; an outer product can be written v k^T.");
      return Type.BROKEN;
    }
    boolean matrix = f.reading == Reading.MATRICES;
    if (p.sign() == Term.Sign.CIRCLE
        && (!f.scalars.isEmpty() && !f.rest.isEmpty()
            || hasMatrix(f) && f.reading != Reading.ELEMENTWISE)) {
      return notElementwise(p);
    }
    if (p.sign() == Term.Sign.DOT && matrix && f.rest.size() > 1) {
      return twoReadings(
          p,
          "the matrix product %s %s".formatted(text(f.rest.getFirst()), text(f.rest.getLast())),
          "the elementwise product %s ∘ %s"
              .formatted(text(f.rest.getFirst()), text(f.rest.getLast())));
    }
    return switch (f.reading) {
      case SCALARS -> Type.SCALAR;
      case ELEMENTWISE -> typing.elementwise(p, f.rest);
      case COLUMN -> new Type.Vector(column(p, f.rest));
      case ROW -> row(p, f.rest);
      case INNER -> inner(p, f.rest);
      case MATRICES -> matrices(p, f.rest);
      case OUTER -> outer(p, f.rest);
      case AMBIGUOUS -> ambiguous(p, f.rest);
    };
  }

  private static boolean isOuterSign(Term.Product p) {
    return p.at() instanceof Ast.Operation o && o.operator() == Ast.Operator.OUTER;
  }

  private boolean hasMatrix(Factors f) {
    return f.rest.stream().anyMatch(t -> typing.type(t) instanceof Type.Matrix);
  }

  /// `A B h`: from the right.
  private Dim column(Term.Product p, List<Term> factors) {
    Term operand = factors.getLast();
    Dim length = typing.length(operand);
    for (Term matrix : factors.subList(0, factors.size() - 1).reversed()) {
      Type.Matrix m = (Type.Matrix) typing.type(matrix);
      typing.equal(Phase.PRODUCT, m.columns(), length, mismatch(p, matrix, false, operand));
      length = m.rows();
      operand = p;
    }
    return length;
  }

  /// `x A B`: from the left.
  private Type row(Term.Product p, List<Term> factors) {
    Term operand = factors.getFirst();
    Dim length = typing.length(operand);
    for (Term matrix : factors.subList(1, factors.size())) {
      Type.Matrix m = (Type.Matrix) typing.type(matrix);
      typing.equal(Phase.PRODUCT, m.rows(), length, mismatch(p, matrix, true, operand));
      length = m.columns();
      operand = p;
    }
    return new Type.Vector(length);
  }

  private Mismatch mismatch(Term.Product p, Term matrix, boolean transposed, Term operand) {
    Optional<Term.Product> because = Optional.empty();
    Term bare = matrix instanceof Term.Transposed t ? t.x() : matrix;
    if (bare instanceof Term.Parameter parameter) {
      Term.Product first = firstProducts.putIfAbsent(parameter.symbol(), p);
      because = Optional.ofNullable(first);
    }
    return new Mismatch.OfProduct(p, matrix, transposed, operand, because);
  }

  private Type inner(Term.Product p, List<Term> factors) {
    List<Term> right = factors.subList(1, factors.size());
    Dim length = right.size() == 1 ? typing.length(right.getFirst()) : column(p, right);
    Term left = factors.getFirst();
    typing.equal(
        Phase.ELEMENTWISE,
        typing.length(left),
        length,
        new Mismatch.Elementwise(p, left, right.getLast(), false));
    return Type.SCALAR;
  }

  private Type matrices(Term.Product p, List<Term> factors) {
    Type.Matrix product = (Type.Matrix) typing.type(factors.getFirst());
    for (int i = 1; i < factors.size(); i++) {
      Type.Matrix m = (Type.Matrix) typing.type(factors.get(i));
      typing.equal(
          Phase.PRODUCT,
          product.columns(),
          m.rows(),
          new Mismatch.Matrices(p, factors.get(i - 1), factors.get(i)));
      product = new Type.Matrix(product.rows(), m.columns());
    }
    return product;
  }

  private Type outer(Term.Product p, List<Term> factors) {
    int row = rowOf(factors);
    List<Term> left = factors.subList(0, row);
    List<Term> right = factors.subList(row, factors.size());
    Dim rows = left.size() == 1 ? typing.length(left.getFirst()) : column(p, left);
    Dim columns =
        right.size() == 1
            ? typing.length(right.getFirst())
            : ((Type.Vector) row(p, right)).length();
    return new Type.Matrix(rows, columns);
  }

  /// Where the row of an outer product begins.
  int rowOf(List<Term> factors) {
    int row = 0;
    while (kind(factors.get(row)) != Reading.Kind.TRANSPOSED) {
      row++;
    }
    return row;
  }

  private Type notElementwise(Term.Product p) {
    Term left = p.factors().getFirst();
    Term right = p.factors().getLast();
    Type a = typing.type(left);
    Type b = typing.type(right);
    boolean scales = a instanceof Type.Scalar || b instanceof Type.Scalar;
    findings.error(
        "shapes do not agree",
        p.at(),
        "%s is %s, %s is %s.\n∘ needs equal shapes."
            .formatted(text(left), Typing.kind(a), text(right), Typing.kind(b)),
        scales
            ? "To scale, write %s · %s.".formatted(text(left), text(right))
            : a instanceof Type.Vector
                ? "To scale the rows, write diag(%s) %s.".formatted(left.text(), text(right))
                : "For the matrix product write %s %s.".formatted(text(left), text(right)));
    return Type.BROKEN;
  }

  private Type ambiguous(Term.Product p, List<Term> factors) {
    List<Reading.Kind> kinds = factors.stream().map(this::kind).toList();
    String a = text(factors.getFirst());
    String b = text(factors.get(1));
    String c = text(factors.getLast());
    boolean matrixFirst = kinds.getFirst() == Reading.Kind.MATRIX;
    if (factors.size() != 3) {
      String rest =
          String.join(" ", factors.subList(1, factors.size()).stream().map(this::text).toList());
      String start =
          String.join(
              " ", factors.subList(0, factors.size() - 1).stream().map(this::text).toList());
      return factors.size() == 2
          ? twoReadings(p, "%s times the row %s".formatted(a, b), "an outer product")
          : twoReadings(p, "%s (%s)".formatted(a, rest), "(%s) %s".formatted(start, c));
    }
    if (kinds.getFirst() == Reading.Kind.TRANSPOSED) {
      return twoReadings(p, "(%s %s) %s".formatted(a, b, c), "%s (%s %s)".formatted(a, b, c));
    }
    if (matrixFirst) {
      return twoReadings(p, "(%s %s) ∘ %s".formatted(a, b, c), "%s (%s ∘ %s)".formatted(a, b, c));
    }
    return kinds.get(1) == Reading.Kind.MATRIX
        ? twoReadings(p, "%s ∘ (%s %s)".formatted(a, b, c), "(%sᵀ %s) ∘ %s".formatted(b, a, c))
        : twoReadings(p, "%s ∘ (%sᵀ %s)".formatted(a, c, b), "%sᵀ (%s ∘ %s)".formatted(c, a, b));
  }

  private Type twoReadings(Term.Product p, String one, String other) {
    findings.error(
        "a product with two readings",
        p.at(),
        "%s can mean\n  %s, or\n  %s.".formatted(p.text(), one, other),
        "Write the one that is meant.");
    return Type.BROKEN;
  }

  /// A factor, in parentheses where it is a sum or a product.
  private String text(Term factor) {
    boolean compound =
        factor.at() instanceof Ast.Operation
            || factor.at() instanceof Ast.Juxtaposition
            || factor.at() instanceof Ast.Negation;
    return compound ? "(" + factor.text() + ")" : factor.text();
  }
}
