package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Terms with known shapes to [Expr]. A weight that is not a parameter, `(U − Uᵀ − γI) h`, becomes
/// products with its parts: `U h − Uᵀ h − γ h`.
final class Lowering {
  /// Products inside one another from which on the inner ones get a name: a walk through a tree has
  /// a stack.
  private static final int LONGEST_CHAIN = 64;

  private final Typing typing;
  private final DimensionNames names;
  private final FreshNames fresh;
  private final Findings findings;

  /// Matrices that are made of parameters.
  private final Map<Symbol, Definition> weights = new HashMap<>();

  private final List<Equation> equations = new ArrayList<>();
  private final Map<Term.Mask, Symbol> maskNames = new IdentityHashMap<>();
  private final List<Cell.Mask> masks = new ArrayList<>();
  private final MatrixProducts matrices;
  private int parts;

  /// How many definitions of weights are being written out inside of one another.
  private int writtenOut;

  private Lowering(Typing typing, DimensionNames names, FreshNames fresh, Findings findings) {
    this.typing = typing;
    this.names = names;
    this.fresh = fresh;
    this.findings = findings;
    this.matrices = new MatrixProducts(this, typing);
  }

  /// What a cell computes, and the masks that it reads.
  record Lowered(List<Equation> equations, List<Cell.Mask> masks) {}

  /// @param sorted free of errors
  /// @param constant definitions made of parameters alone
  static Lowered cell(
      List<Definition> sorted,
      Set<Symbol> constant,
      Typing typing,
      DimensionNames names,
      FreshNames fresh,
      Findings findings) {
    Lowering lowering = new Lowering(typing, names, fresh, findings);
    for (Definition d : sorted) {
      if (typing.type(d.symbol()) instanceof Type.Matrix && constant.contains(d.symbol())) {
        lowering.weights.put(d.symbol(), d); // put in where it is used
      } else {
        Expr value = lowering.expr(d.value(), d);
        lowering.equations.add(new Equation(d.symbol(), value, d.origin()));
      }
    }
    return new Lowered(List.copyOf(lowering.equations), List.copyOf(lowering.masks));
  }

  Expr expr(Term term, Definition of) {
    if (writtenOut > 0 && isTooLarge(term)) {
      return placeholder(term);
    }
    return switch (term) {
      case Term.Number n -> new Expr.Literal(n.value());
      case Term.Constant c -> new Expr.Constant(c.symbol(), c.value());
      case Term.StepNumber _ -> new Expr.StepNumber();
      case Term.Parameter p when typing.blocks(p.symbol()).isPresent() -> alone(p);
      case Term.Parameter p -> parameter(p);
      case Term.Timed t -> {
        Definition weight = weights.get(t.symbol());
        yield weight != null
            ? writtenOut(weight, of)
            : new Expr.Value(t.symbol(), t.delay(), shape(t.symbol()));
      }
      case Term.Map m -> new Expr.Unary(m.op(), expr(m.x(), of));
      case Term.Zip z -> new Expr.Binary(z.op(), expr(z.a(), of), expr(z.b(), of));
      case Term.Choice c ->
          new Expr.Select(expr(c.condition(), of), expr(c.then(), of), expr(c.otherwise(), of));
      case Term.Whole w -> whole(w, of);
      case Term.Sum s -> sum(s, of);
      case Term.Product p -> product(p, of);
      case Term.Transposed t -> {
        Expr x = expr(t.x(), of);
        yield x.shape() instanceof Shape.Matrix ? new Expr.Transpose(x) : x;
      }
      case Term.Concatenated c ->
          new Expr.Concat(c.parts().stream().map(p -> expr(p, of)).toList());
      case Term.Piece p -> piece(p);
      case Term.Mask m -> mask(m);
      case Term.Identity _, Term.Diagonal _ -> alone(term);
      case Term.Broken _ -> throw new IllegalStateException("no value: " + term.text());
    };
  }

  /// A matrix with zeros beside its diagonal is only known by what it does to others.
  private Expr alone(Term term) {
    findings.error(
        term instanceof Term.Parameter
            ? "a block-diagonal matrix by itself"
            : "a diagonal matrix by itself",
        term.at(),
        "%s is understood beside a vector %sthat it multiplies; by itself it is not built yet."
            .formatted(term.text(), term instanceof Term.Parameter ? "" : "or a matrix "));
    return placeholder(term);
  }

  /// Of the right shape; the cell is refused, so the value does not matter.
  private Expr placeholder(Term term) {
    return new Expr.Parameter(Symbol.of("refused"), names.shape(typing.type(term)));
  }

  private Expr writtenOut(Definition weight, Definition of) {
    writtenOut++;
    Expr value = expr(weight.value(), of);
    writtenOut--;
    return value;
  }

  /// Whether weights have more parts than can be worked with, once each is put in where it is used.
  private boolean isTooLarge(Term part) {
    if (++parts <= Limits.NODES) {
      return false;
    }
    findings.error(
        "too large",
        part.at(),
        "Written out, the matrices that are made of parameters have more than %d parts."
            .formatted(Limits.NODES));
    return true;
  }

  private Shape shape(Symbol symbol) {
    return names.shape(typing.type(symbol));
  }

  private Expr.Parameter parameter(Term.Parameter p) {
    return new Expr.Parameter(p.symbol(), names.stored(p.symbol()));
  }

  private Expr whole(Term.Whole w, Definition of) {
    if (w.op() == Term.WholeOp.NORM) {
      return new Expr.Reduce(Expr.ReduceOp.NORM, expr(w.x(), of));
    }
    Dim length = names.named(typing.length(w.x()));
    Expr result = WholeVectors.expr(w.op(), expr(w.x(), of), length, x -> shared(x, of));
    List<Expr> affine = w.affine().stream().map(x -> expr(x, of)).toList();
    if (!affine.isEmpty()) {
      result = new Expr.Binary(BinaryOp.MULTIPLY, affine.getFirst(), result);
    }
    return affine.size() < 2 ? result : new Expr.Sum(List.of(result, affine.getLast()));
  }

  private Expr.Value mask(Term.Mask m) {
    Shape shape = names.shape(typing.type(m));
    Symbol symbol = maskNames.computeIfAbsent(m, _ -> fresh.name("mask"));
    Cell.Mask mask = new Cell.Mask(symbol, shape, m.probability(), m.scale(), m.everyStep());
    if (!masks.contains(mask)) {
      masks.add(mask);
    }
    return new Expr.Value(symbol, 0, shape);
  }

  private Expr piece(Term.Piece p) {
    Expr.Value whole = new Expr.Value(p.stack(), 0, shape(p.stack()));
    Dim length = names.named(typing.length(p));
    return new Expr.Slice(whole, Axis.ROWS, length.times(p.index()), length);
  }

  private Expr sum(Term.Sum s, Definition of) {
    List<Expr> terms = s.children().stream().map(t -> expr(t, of)).toList();
    return signed(s, terms);
  }

  /// `a − b` is a subtraction; longer sums negate what is subtracted.
  static Expr signed(Term.Sum s, List<Expr> terms) {
    if (terms.size() == 2 && s.addends().getLast().negative()) {
      return new Expr.Binary(BinaryOp.SUBTRACT, terms.getFirst(), terms.getLast());
    }
    List<Expr> signed = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      boolean negative = s.addends().get(i).negative();
      signed.add(negative ? new Expr.Unary(UnaryOp.NEGATE, terms.get(i)) : terms.get(i));
    }
    return new Expr.Sum(signed);
  }

  private Expr product(Term.Product p, Definition of) {
    ProductTyping.Factors f = typing.factors(p);
    List<Expr> all = new ArrayList<>(f.scalars().stream().map(s -> expr(s, of)).toList());
    List<Term> rest = f.rest();
    switch (f.reading()) {
      case SCALARS -> {}
      case ELEMENTWISE -> rest.forEach(v -> all.add(expr(v, of)));
      case COLUMN -> all.add(column(rest, of));
      case ROW -> all.add(row(rest, of));
      case INNER -> {
        Expr right = column(rest.subList(1, rest.size()), of);
        Expr both = new Expr.Binary(BinaryOp.MULTIPLY, expr(rest.getFirst(), of), right);
        all.add(new Expr.Reduce(Expr.ReduceOp.SUM, both));
      }
      case MATRICES -> all.add(matrices.product(rest, of));
      case OUTER -> all.add(outer(rest, of));
      case AMBIGUOUS -> throw new IllegalStateException("no value: " + p.text());
    }
    return all.stream().reduce((a, b) -> new Expr.Binary(BinaryOp.MULTIPLY, a, b)).orElseThrow();
  }

  private Expr column(List<Term> factors, Definition of) {
    Expr v = expr(factors.getLast(), of);
    for (Term matrix : factors.subList(0, factors.size() - 1).reversed()) {
      v = times(matrix, v, false, of);
    }
    return v;
  }

  private Expr row(List<Term> factors, Definition of) {
    Expr v = expr(factors.getFirst(), of);
    for (Term matrix : factors.subList(1, factors.size())) {
      v = times(matrix, v, true, of);
    }
    return v;
  }

  private Expr outer(List<Term> factors, Definition of) {
    int row = typing.rowOf(factors);
    return new Expr.Outer(
        column(factors.subList(0, row), of), row(factors.subList(row, factors.size()), of));
  }

  /// `M v`, or `Mᵀ v`.
  private Expr times(Term matrix, Expr v, boolean transposed, Definition of) {
    if (isTooLarge(matrix)) {
      return v;
    }
    return switch (matrix) {
      case Term.Parameter p when typing.blocks(p.symbol()).isPresent() ->
          timesBlocks(p, shared(v, of), transposed, typing.blocks(p.symbol()).get());
      case Term.Parameter p ->
          new Expr.MatMul(
              transposed ? new Expr.Transpose(parameter(p)) : parameter(p), linked(v, of));
      case Term.Identity _ -> v;
      case Term.Diagonal d -> new Expr.Binary(BinaryOp.MULTIPLY, expr(d.x(), of), linked(v, of));
      case Term.Transposed t -> times(t.x(), v, !transposed, of);
      case Term.Timed t when weights.get(t.symbol()) instanceof Definition weight ->
          times(weight.value(), v, transposed, of);
      case Term.Map m when m.op() == UnaryOp.NEGATE ->
          new Expr.Unary(m.op(), times(m.x(), v, transposed, of));
      case Term.Zip z when z.op() == BinaryOp.DIVIDE && typing.type(z.b()) instanceof Type.Scalar ->
          new Expr.Binary(z.op(), times(z.a(), v, transposed, of), expr(z.b(), of));
      case Term.Timed _, Term.Map _, Term.Zip _, Term.Choice _ ->
          timesElementwise(matrix, v, transposed, of);
      case Term.Sum s -> {
        Expr shared = shared(v, of);
        yield signed(s, s.children().stream().map(m -> times(m, shared, transposed, of)).toList());
      }
      case Term.Product p -> timesProduct(p, v, transposed, of);
      case Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Whole _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ ->
          throw new IllegalStateException("no matrix: " + matrix.text());
    };
  }

  /// Each block times its part of the vector.
  private Expr timesBlocks(Term.Parameter p, Expr v, boolean transposed, int count) {
    Expr.Parameter blocks = parameter(p);
    Dim rows = ((Shape.Matrix) blocks.shape()).rows().over(count);
    Dim part = v.shape().side().over(count);
    List<Expr> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Expr block = new Expr.Slice(blocks, Axis.ROWS, rows.times(i), rows);
      Expr slice = new Expr.Slice(v, Axis.ROWS, part.times(i), part);
      parts.add(new Expr.MatMul(transposed ? new Expr.Transpose(block) : block, slice));
    }
    this.parts += count;
    return parts.size() == 1 ? parts.getFirst() : new Expr.Concat(parts);
  }

  private Expr timesElementwise(Term matrix, Expr v, boolean transposed, Definition of) {
    Expr m = expr(matrix, of);
    return new Expr.MatMul(transposed ? new Expr.Transpose(m) : m, linked(v, of));
  }

  private Expr linked(Expr v, Definition of) {
    return isDeep(v, LONGEST_CHAIN) ? shared(v, of) : v;
  }

  private static boolean isDeep(Expr v, int most) {
    return most == 0
        || Operands.of(v).stream()
            .anyMatch(x -> x.shape() instanceof Shape.Vector && isDeep(x, most - 1));
  }

  private Expr timesProduct(Term.Product p, Expr v, boolean transposed, Definition of) {
    ProductTyping.Factors f = typing.factors(p);
    if (f.reading() != Reading.MATRICES) {
      return timesElementwise(p, v, transposed, of);
    }
    Expr product = v;
    for (Term matrix : transposed ? f.rest() : f.rest().reversed()) {
      product = times(matrix, product, transposed, of);
    }
    for (Term scalar : f.scalars().reversed()) {
      product = new Expr.Binary(BinaryOp.MULTIPLY, expr(scalar, of), product);
    }
    return product;
  }

  /// A value with a name, for it is about to be used more than once.
  Expr shared(Expr v, Definition of) {
    if (v instanceof Expr.Value || v instanceof Expr.Parameter) {
      return v;
    }
    Symbol name = fresh.name("z_" + of.symbol().plain());
    Equation equation = new Equation(name, v, of.origin());
    equations.add(equation);
    return equation.now();
  }
}
