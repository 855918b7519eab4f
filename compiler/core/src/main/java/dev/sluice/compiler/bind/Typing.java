package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gives every term a [Type] and collects which lengths must be equal. Terms that are no arrays of
/// the right kind are reported here; lengths that differ are reported by [ShapeSolver].
final class Typing {
  /// Equations between lengths, in the order in which they are solved: what is tied to the input
  /// comes last, so that a slip like `W (r_t ∘ x_t)` is found there and not where r_t is right.
  enum Phase {
    DEFINITION,
    ELEMENTWISE,
    PRODUCT,
    ELEMENTWISE_WITH_INPUT
  }

  record Constraint(Phase phase, Dim a, Dim b, Mismatch otherwise) {}

  final Lengths lengths = new Lengths();
  final List<Constraint> constraints = new ArrayList<>();
  private final Map<Symbol, Type> symbols = new HashMap<>();
  private final Map<Term, Type> types = new IdentityHashMap<>();
  private final Map<Symbol, Dim> pieces = new HashMap<>();
  private final Map<Symbol, Ranks.Rank> ranks;
  private final Scope scope;
  private final Findings findings;
  private final ProductTyping products;

  Typing(Scope scope, Map<Symbol, Ranks.Rank> ranks, Findings findings) {
    this.scope = scope;
    this.ranks = ranks;
    this.findings = findings;
    this.products = new ProductTyping(this, findings);
  }

  /// The type of a name.
  Type type(Symbol symbol) {
    return symbols.computeIfAbsent(symbol, this::fresh);
  }

  private Type fresh(Symbol symbol) {
    Declarations.Shaped declared = scope.declared.shapes.get(symbol);
    if (declared != null && declared.shape() instanceof Ast.DeclaredShape.Plain(Shape shape)) {
      return switch (shape) {
        case Shape.Scalar() -> Type.SCALAR;
        case Shape.Vector(Dim n) -> new Type.Vector(n);
        case Shape.Matrix(Dim rows, Dim columns) -> new Type.Matrix(rows, columns);
      };
    }
    if (declared != null && declared.shape() instanceof Ast.DeclaredShape.Blocks(int count)) {
      return new Type.Matrix(lengths.fresh().times(count), lengths.fresh().times(count));
    }
    return switch (ranks.getOrDefault(symbol, Ranks.Rank.VECTOR)) {
      case UNKNOWN, SCALAR -> Type.SCALAR;
      case VECTOR -> vector();
      case MATRIX -> new Type.Matrix(lengths.fresh(), lengths.fresh());
      case BROKEN -> Type.BROKEN;
    };
  }

  /// Blocks on the diagonal of a parameter, if it is declared so: the others are zero.
  Optional<Integer> blocks(Symbol symbol) {
    return Optional.ofNullable(scope.declared.shapes.get(symbol))
        .map(Declarations.Shaped::shape)
        .filter(Ast.DeclaredShape.Blocks.class::isInstance)
        .map(shape -> ((Ast.DeclaredShape.Blocks) shape).count());
  }

  private Type.Vector vector() {
    return new Type.Vector(lengths.fresh());
  }

  Type type(Term term) {
    Type known = types.get(term);
    if (known == null) {
      known = compute(term);
      types.put(term, known);
    }
    return known;
  }

  /// `symbol = value`
  void define(Definition d) {
    Type value = type(d.value());
    Type target = type(d.symbol());
    boolean fits =
        switch (target) {
          case Type.Broken() -> true;
          case Type.Scalar() -> value instanceof Type.Scalar || value == Type.BROKEN;
          case Type.Vector(Dim n) -> {
            if (value instanceof Type.Vector(Dim m)) {
              equal(Phase.DEFINITION, n, m, new Mismatch.OfDefinition(d));
            }
            yield value instanceof Type.Vector || value == Type.BROKEN;
          }
          case Type.Matrix(Dim rows, Dim columns) -> {
            if (value instanceof Type.Matrix(Dim r, Dim c)) {
              equal(Phase.DEFINITION, rows, r, new Mismatch.OfDefinition(d));
              equal(Phase.DEFINITION, columns, c, new Mismatch.OfDefinition(d));
            }
            yield value instanceof Type.Matrix || value == Type.BROKEN;
          }
        };
    if (d.stacked() && target instanceof Type.Scalar && value instanceof Type.Scalar) {
      findings.error(
          "nothing to divide",
          d.at(),
          "The column on the left takes rows of a vector, %s is a scalar."
              .formatted(d.value().text()));
    }
    if (!fits) {
      findings.error(
          "shapes do not agree",
          d.at(),
          "%s is %s, its equation gives %s."
              .formatted(d.symbol().display(), kind(target), kind(value)));
    }
  }

  void equal(Phase phase, Dim a, Dim b, Mismatch otherwise) {
    constraints.add(new Constraint(phase, a, b, otherwise));
  }

  private Type compute(Term term) {
    return switch (term) {
      case Term.Number _, Term.Constant _, Term.StepNumber _ -> Type.SCALAR;
      case Term.Parameter p -> type(p.symbol());
      case Term.Timed t -> type(t.symbol());
      case Term.Identity _ -> {
        Dim n = lengths.fresh();
        yield new Type.Matrix(n, n);
      }
      case Term.Diagonal d -> diagonal(d);
      case Term.Map m -> type(m.x());
      case Term.Zip z when z.op() == BinaryOp.POWER && type(z.a()) instanceof Type.Matrix ->
          powerOfMatrix(z);
      case Term.Zip z -> elementwise(z, List.of(z.a(), z.b()));
      case Term.Choice c -> elementwise(c, c.children());
      case Term.Whole w -> whole(w);
      case Term.Sum s -> sum(s);
      case Term.Product p -> products.type(p);
      case Term.Transposed t ->
          switch (type(t.x())) {
            case Type.Matrix(Dim rows, Dim columns) -> new Type.Matrix(columns, rows);
            case Type.Vector v -> v;
            case Type.Scalar s -> s;
            case Type.Broken b -> b;
          };
      case Term.Concatenated c -> concatenated(c);
      case Term.Piece p -> piece(p);
      case Term.Mask m -> mask(m);
      case Term.Broken _ -> Type.BROKEN;
    };
  }

  /// Where the row of an outer product begins.
  int rowOf(List<Term> factors) {
    return products.rowOf(factors);
  }

  /// The factors of a product and what it means.
  ProductTyping.Factors factors(Term.Product p) {
    return products.factors(p);
  }

  private Type noMatrix(Term whole, Term matrix) {
    findings.error(
        "not available yet",
        whole.at(),
        "%s is a matrix; this is a function of a vector, and which way it goes over a matrix is not built yet."
            .formatted(matrix.text()));
    return Type.BROKEN;
  }

  /// `A^{-1}` and `A^2` are products of matrices in papers, not powers of elements.
  private Type powerOfMatrix(Term.Zip power) {
    String a = power.a().text();
    findings.error(
        "a power of a matrix",
        power.at(),
        "%s is a matrix; its powers and its inverse are not built.".formatted(a),
        "Of its elements: %s ∘ %s, 1 / %s, sqrt(%s).".formatted(a, a, a, a));
    return Type.BROKEN;
  }

  /// The shape of what is masked; a matrix must change with time.
  private Type mask(Term.Mask mask) {
    Type type = type(mask.of());
    boolean[] timed = {!(type instanceof Type.Matrix)};
    Roles.walk(mask.of(), t -> timed[0] |= t instanceof Term.Timed);
    if (timed[0]) {
      return type;
    }
    findings.error(
        "not available yet",
        mask.at(),
        "%s is a weight; dropout and zoneout are for what changes with time."
            .formatted(mask.of().text()),
        "Drop units of what it multiplies: W dropout(h_{t-1}, 0.5).");
    return Type.BROKEN;
  }

  private Type diagonal(Term.Diagonal d) {
    return switch (type(d.x())) {
      case Type.Vector(Dim n) -> new Type.Matrix(n, n);
      case Type.Broken broken -> broken;
      case Type.Scalar _, Type.Matrix _ -> {
        findings.error(
            "not a vector",
            d.at(),
            "%s is %s; diag(a) is the matrix with the vector a on its diagonal."
                .formatted(d.x().text(), kind(type(d.x()))));
        yield Type.BROKEN;
      }
    };
  }

  private Type whole(Term.Whole w) {
    return switch (type(w.x())) {
      case Type.Vector _ when w.affine().stream().anyMatch(x -> type(x) instanceof Type.Matrix) ->
          noMatrix(w, w.affine().getFirst());
      case Type.Vector _ -> w.op().isToScalar() ? Type.SCALAR : elementwise(w, w.children());
      case Type.Broken b -> b;
      case Type.Matrix _ -> w.op() == Term.WholeOp.NORM ? Type.SCALAR : noMatrix(w, w.x());
      case Type.Scalar _ -> {
        findings.error(
            "not a vector",
            w.at(),
            "%s is a scalar; here a whole vector is needed.".formatted(w.x().text()));
        yield Type.BROKEN;
      }
    };
  }

  /// Vectors of equal length, or matrices of equal shape; scalars spread among them.
  Type elementwise(Term whole, List<Term> parts) {
    if (parts.stream().anyMatch(p -> type(p) instanceof Type.Matrix)) {
      return matrices(whole, parts);
    }
    List<Term> vectors = parts.stream().filter(p -> type(p) instanceof Type.Vector).toList();
    if (vectors.isEmpty()) {
      return parts.stream().anyMatch(p -> type(p) == Type.BROKEN) ? Type.BROKEN : Type.SCALAR;
    }
    int reference = 0;
    while (reference < vectors.size() - 1 && isInput(vectors.get(reference))) {
      reference++;
    }
    boolean referenceIsInput = isInput(vectors.get(reference));
    if (referenceIsInput) {
      reference = 0;
    }
    for (int i = 0; i < vectors.size(); i++) {
      if (i != reference) {
        boolean input = referenceIsInput || isInput(vectors.get(i));
        equal(
            input ? Phase.ELEMENTWISE_WITH_INPUT : Phase.ELEMENTWISE,
            length(vectors.get(reference)),
            length(vectors.get(i)),
            new Mismatch.Elementwise(
                whole,
                vectors.get(Math.min(i, reference)),
                vectors.get(Math.max(i, reference)),
                i < reference));
      }
    }
    return type(vectors.get(reference));
  }

  Dim length(Term vector) {
    return ((Type.Vector) type(vector)).length();
  }

  /// Whether the term is as long as an input because it is one, or a function of one.
  private boolean isInput(Term term) {
    return switch (term) {
      case Term.Timed t -> scope.isInput(t.symbol());
      case Term.Map m -> isInput(m.x());
      case Term.Transposed t -> isInput(t.x());
      case Term.Whole w -> !w.op().isToScalar() && w.affine().isEmpty() && isInput(w.x());
      case Term.Zip _, Term.Choice _, Term.Sum _, Term.Product _ -> {
        List<Term> vectors =
            term.children().stream().filter(c -> type(c) instanceof Type.Vector).toList();
        boolean matrix = term.children().stream().anyMatch(c -> type(c) instanceof Type.Matrix);
        yield !matrix && !vectors.isEmpty() && vectors.stream().allMatch(this::isInput);
      }
      case Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Parameter _,
          Term.Identity _,
          Term.Diagonal _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ ->
          false;
    };
  }

  /// Whether a definition only passes an input on: such a state is as long as the input.
  boolean passesInputOn(Definition d) {
    return isInput(d.value());
  }

  private Type sum(Term.Sum s) {
    List<Term> terms = s.children();
    List<Term> matrices = terms.stream().filter(t -> type(t) instanceof Type.Matrix).toList();
    for (Term term : terms) {
      if (!matrices.isEmpty() && type(term) instanceof Type.Scalar) {
        return matrixInSum(matrices.getFirst(), term);
      }
    }
    return elementwise(s, terms);
  }

  private Type matrices(Term whole, List<Term> parts) {
    List<Term> matrices = parts.stream().filter(p -> type(p) instanceof Type.Matrix).toList();
    for (Term part : parts) {
      if (type(part) instanceof Type.Vector) {
        return whole instanceof Term.Sum
            ? matrixInSum(matrices.getFirst(), part)
            : vectorBesideMatrix(whole, matrices.getFirst(), part);
      }
    }
    Type.Matrix first = (Type.Matrix) type(matrices.getFirst());
    for (Term other : matrices.subList(1, matrices.size())) {
      Type.Matrix m = (Type.Matrix) type(other);
      Mismatch otherwise = new Mismatch.Matrices(whole, matrices.getFirst(), other);
      equal(Phase.PRODUCT, first.rows(), m.rows(), otherwise);
      equal(Phase.PRODUCT, first.columns(), m.columns(), otherwise);
    }
    return first;
  }

  private Type vectorBesideMatrix(Term whole, Term matrix, Term vector) {
    findings.error(
        "shapes do not agree",
        whole.at(),
        "%s is a matrix, %s is a vector.".formatted(matrix.text(), vector.text()),
        "diag(%s) %s scales the rows, %s diag(%s) the columns."
            .formatted(vector.text(), matrix.text(), matrix.text(), vector.text()));
    return Type.BROKEN;
  }

  private Type matrixInSum(Term matrix, Term other) {
    boolean scalar = type(other) instanceof Type.Scalar;
    findings.error(
        "shapes do not agree",
        scalar ? other.at() : matrix.at(),
        "%s is a matrix, %s is %s: they cannot be added."
            .formatted(matrix.text(), other.text(), kind(type(other))),
        scalar ? "Did you mean %s I?".formatted(other.text()) : "");
    return Type.BROKEN;
  }

  private Type concatenated(Term.Concatenated c) {
    Dim sum = Dim.ZERO;
    boolean broken = false;
    for (Term part : c.parts()) {
      switch (type(part)) {
        case Type.Vector(Dim n) -> sum = sum.plus(n);
        case Type.Broken() -> broken = true;
        case Type.Scalar _, Type.Matrix _ -> {
          findings.error(
              "only vectors can be joined",
              part.at(),
              "%s is %s; [a, b] puts vectors one above the other."
                  .formatted(part.text(), kind(type(part))),
              joined(part));
          broken = true;
        }
      }
    }
    return broken ? Type.BROKEN : new Type.Vector(sum);
  }

  private static String joined(Term part) {
    return switch (part) {
      case Term.Number _, Term.Constant _ ->
          "What a weight multiplies by a constant is a bias: W x_t + b instead of W [1; x_t].";
      case Term.Parameter p -> asVector(p.symbol());
      case Term.Timed t -> asVector(t.symbol());
      default -> "";
    };
  }

  private static String asVector(Symbol symbol) {
    return "Declared as a vector of one element it can be joined: `%s ∈ ℝ^1`."
        .formatted(symbol.display());
  }

  private Type piece(Term.Piece p) {
    if (!(type(p.stack()) instanceof Type.Vector(Dim whole))) {
      return Type.BROKEN; // reported with the stacked value
    }
    Dim length = pieces.get(p.stack());
    if (length == null) {
      Dim part = lengths.fresh();
      length = part;
      pieces.put(p.stack(), part);
      Dim rows = part.times(p.count());
      equal(Phase.DEFINITION, whole, rows, new Mismatch.Stacked(p));
    }
    return new Type.Vector(length);
  }

  static String kind(Type type) {
    return switch (type) {
      case Type.Scalar() -> "a scalar";
      case Type.Vector _ -> "a vector";
      case Type.Matrix _ -> "a matrix";
      case Type.Broken() -> "unknown";
    };
  }
}
