package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Initialiser;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Whether a form is that of the simple RNN.
final class SimpleRnn {
  private static final Set<UpTo> USUAL = EnumSet.of(UpTo.PERMUTATION, UpTo.SIGN, UpTo.BIAS);

  private SimpleRnn() {}

  static boolean is(Form fixed) {
    Form whole = fixed.withoutUnused();
    if (whole.states().size() != 1 || Normal.leaves(whole).size() > 6) {
      return false;
    }
    Normal normal = Normal.of(whole, USUAL);
    for (UnaryOp op : List.of(UnaryOp.TANH, UnaryOp.RELU, UnaryOp.SIGMOID)) {
      for (boolean biased : new boolean[] {true, false}) {
        Normal simple = Normal.of(Reading.of(simple(op, biased)), USUAL);
        if (Matcher.match(normal.form(), simple.form(), false).isPresent()) {
          return true;
        }
      }
    }
    return false;
  }

  /// `h_t = tanh(V x_t + W h_{t-1} + b)`
  private static Cell simple(UnaryOp op, boolean biased) {
    Shape n = Shape.vector(Dim.of("n"));
    Shape m = Shape.vector(Dim.of("m"));
    Symbol h = Symbol.of("h");
    Symbol x = Symbol.of("x");
    Expr.Parameter v = parameter("V", Shape.matrix(length(n), length(m)));
    Expr.Parameter w = parameter("W", Shape.matrix(length(n), length(n)));
    List<Expr> terms = new ArrayList<>();
    terms.add(new Expr.MatMul(v, new Expr.Value(x, 0, m)));
    terms.add(new Expr.MatMul(w, new Expr.Value(h, 1, n)));
    if (biased) {
      terms.add(parameter("b", n));
    }
    SequencedMap<String, List<Symbol>> dimensions = new LinkedHashMap<>();
    dimensions.put("n", List.of(h));
    dimensions.put("m", List.of(x));
    return new Cell(
        "rnn",
        List.of(new Cell.Input(x, m)),
        List.of(new Cell.State(h, n, 0)),
        List.of(
            new Cell.Parameter(v.symbol(), v.shape(), new Initialiser.Default()),
            new Cell.Parameter(w.symbol(), w.shape(), new Initialiser.Default()),
            new Cell.Parameter(Symbol.of("b"), n, new Initialiser.Default())),
        List.of(new Equation(h, new Expr.Unary(op, new Expr.Sum(terms)), Origin.NONE)),
        h,
        dimensions);
  }

  private static Dim length(Shape vector) {
    return Pieces.rows(vector);
  }

  private static Expr.Parameter parameter(String name, Shape shape) {
    return new Expr.Parameter(Symbol.of(name), shape);
  }
}
