package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.Axis;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// One backward pass of an [Adjoint] over a [Run], last step first.
final class BackwardInterpreter {
  private final Adjoint adjoint;
  private final Cell cell;
  private final Map<String, Integer> sizes;
  private final Run run;
  private final double[][][] outputGradients;
  private final Map<String, double[][]> finalGradients;
  private final Evaluator evaluator;
  private final Map<Symbol, double[]> parameters = new LinkedHashMap<>();
  private final Map<String, double[][][]> inputs = new LinkedHashMap<>();
  private final Map<String, double[][]> initial = new LinkedHashMap<>();

  BackwardInterpreter(
      Adjoint adjoint,
      Map<String, Integer> sizes,
      Run run,
      double[][][] outputGradients,
      Map<String, double[][]> finalGradients) {
    this.adjoint = adjoint;
    this.cell = adjoint.cell();
    this.sizes = sizes;
    this.run = run;
    this.outputGradients = outputGradients;
    this.finalGradients = finalGradients;
    this.evaluator = new Evaluator(sizes);
  }

  Gradients gradients() {
    prepare();
    int batch = run.given().batch();
    for (int b = 0; b < batch; b++) {
      Map<Symbol, Array> carried = finalGradients(b);
      for (int t = run.given().lengths().get(b) - 1; t >= 0; t--) {
        carried = step(t, b, carried);
      }
      for (Cell.State state : cell.states()) {
        Named.in(initial, state.symbol().plain())[b] = Named.in(carried, state.symbol()).toArray();
      }
    }
    adjoint.weights().ifPresent(this::throughWeights);
    Map<String, Array> parameterGradients = new LinkedHashMap<>();
    for (Cell.Parameter p : cell.parameters()) {
      parameterGradients.put(
          p.symbol().plain(), Array.wrap(p.shape(), sizes, Named.in(parameters, p.symbol())));
    }
    return new Gradients(parameterGradients, inputs, initial);
  }

  /// From the gradients of the computed weights to those of the parameters.
  private void throughWeights(Adjoint weights) {
    Map<String, double[][]> finals = new HashMap<>();
    for (Cell.State weight : cell.computed()) {
      finals.put(weight.symbol().plain(), new double[][] {Named.in(parameters, weight.symbol())});
    }
    Run computed = Interpreter.of(cell, sizes).weights(run.given()).orElseThrow();
    double[][][] none = {{new double[Array.size(weights.cell().outputShape(), sizes)]}};
    Gradients more = new BackwardInterpreter(weights, sizes, computed, none, finals).gradients();
    for (Cell.Parameter p : cell.parameters()) {
      double[] sum = Named.in(parameters, p.symbol());
      Array part = Named.in(more.parameters(), p.symbol().plain());
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part.at(i);
      }
    }
  }

  private void prepare() {
    int steps = run.given().steps();
    int batch = run.given().batch();
    int length = Array.size(cell.outputShape(), sizes);
    Interpreter.checkLength(
        "output gradient", cell.output(), "steps", outputGradients.length, steps);
    for (double[][] rows : outputGradients) {
      Interpreter.checkRows("output gradient", cell.output(), rows, batch, length);
    }
    cell.coefficients()
        .forEach(p -> parameters.put(p.symbol(), new double[Array.size(p.shape(), sizes)]));
    for (Cell.Input input : cell.inputs()) {
      inputs.put(
          input.symbol().plain(), new double[steps][batch][Array.size(input.shape(), sizes)]);
    }
    for (Cell.State state : cell.states()) {
      int size = Array.size(state.shape(), sizes);
      double[][] rows = finalGradients.get(state.symbol().plain());
      if (rows != null) {
        Interpreter.checkRows("final gradient", state.symbol(), rows, batch, size);
      }
      initial.put(state.symbol().plain(), new double[batch][size]);
    }
  }

  private Map<Symbol, Array> finalGradients(int b) {
    Map<Symbol, Array> given = new HashMap<>();
    for (Cell.State state : cell.states()) {
      double[][] rows = finalGradients.get(state.symbol().plain());
      Array zero = Array.filled(state.shape(), sizes, 0);
      given.put(state.symbol(), rows == null ? zero : zero.withData(rows[b].clone()));
    }
    return given;
  }

  /// @param carried by state: the part of ∂L/∂s_t that comes through step t+1
  /// @return the same for step t-1
  private Map<Symbol, Array> step(int t, int b, Map<Symbol, Array> carried) {
    Map<Symbol, Array> now = new HashMap<>();
    now.put(adjoint.outputGradient(), Array.of(cell.outputShape(), sizes, outputGradients[t][b]));
    Map<Symbol, Array> later = new HashMap<>();
    adjoint.carries().forEach((state, carry) -> later.put(carry, Named.in(carried, state)));
    Evaluator.Scope scope = new BackwardScope(run, now, later, t, b);
    for (Equation equation : adjoint.equations()) {
      now.put(equation.target(), evaluator.evaluate(equation.value(), scope));
    }
    adjoint
        .inputGradients()
        .forEach((input, d) -> Named.in(inputs, input.plain())[t][b] = Named.in(now, d).toArray());
    for (Adjoint.Accumulation a : adjoint.accumulations()) {
      add(a.target(), evaluator.evaluate(a.contribution(), scope));
    }
    Map<Symbol, Array> earlier = new HashMap<>();
    for (Cell.State state : cell.states()) {
      Symbol carry = adjoint.carries().get(state.symbol());
      earlier.put(
          state.symbol(),
          carry == null ? Array.filled(state.shape(), sizes, 0) : Named.in(now, carry));
    }
    return earlier;
  }

  private void add(Expr target, Array contribution) {
    if (target instanceof Expr.Transpose(Expr x)) {
      add(x, Evaluator.transpose(contribution));
      return;
    }
    Region region = region(target);
    if (region.rows() != contribution.rows() || region.columns() != contribution.columns()) {
      throw new IllegalStateException(
          "a contribution %s to %s"
              .formatted(contribution.shapeText(), Notation.expression(target)));
    }
    double[] gradient = Named.in(parameters, region.parameter());
    for (int i = 0; i < region.rows(); i++) {
      for (int j = 0; j < region.columns(); j++) {
        gradient[(region.row() + i) * region.stride() + region.column() + j] +=
            contribution.at(i, j);
      }
    }
  }

  /// Part of a parameter: where it starts, how large it is, and how far apart the parameter's rows
  /// are.
  private record Region(Symbol parameter, int row, int rows, int column, int columns, int stride) {}

  private Region region(Expr target) {
    return switch (target) {
      case Expr.Parameter(Symbol symbol, Shape shape) -> {
        int columns = shape instanceof Shape.Matrix(Dim _, Dim c) ? c.value(sizes) : 1;
        yield new Region(symbol, 0, Array.size(shape, sizes) / columns, 0, columns, columns);
      }
      case Expr.Slice(Expr x, Axis axis, Dim from, Dim length) -> {
        Region r = region(x);
        int first = from.value(sizes);
        int count = length.value(sizes);
        yield switch (axis) {
          case ROWS ->
              new Region(
                  r.parameter(), r.row() + first, count, r.column(), r.columns(), r.stride());
          case COLUMNS ->
              new Region(r.parameter(), r.row(), r.rows(), r.column() + first, count, r.stride());
        };
      }
      case Expr.Literal _,
          Expr.Constant _,
          Expr.StepNumber _,
          Expr.Length _,
          Expr.Value _,
          Expr.Unary _,
          Expr.Binary _ ->
          throw noRegion(target);
      case Expr.Select _,
          Expr.Sum _,
          Expr.MatMul _,
          Expr.Transpose _,
          Expr.Outer _,
          Expr.Concat _,
          Expr.Reduce _,
          Expr.Running _,
          Expr.Spread _,
          Expr.Total _ ->
          throw noRegion(target);
    };
  }

  private static IllegalStateException noRegion(Expr target) {
    return new IllegalStateException("not a part of a parameter: " + Notation.expression(target));
  }

  /// One backward step of one sequence.
  private record BackwardScope(
      Run run, Map<Symbol, Array> now, Map<Symbol, Array> later, int t, int b)
      implements Evaluator.Scope {
    @Override
    public Array value(Symbol symbol, int delay) {
      if (delay > 0) {
        return run.delayed(symbol, t - delay, b);
      }
      if (delay < 0) {
        Array carried = delay == -1 ? later.get(symbol) : null;
        if (carried == null) {
          throw new IllegalStateException(
              TimedName.of(symbol, delay) + " is not carried from step to step");
        }
        return carried;
      }
      Array own = now.get(symbol);
      return own != null ? own : run.value(symbol.plain(), t, b);
    }

    @Override
    public Array parameter(Symbol symbol) {
      return Named.in(run.given().parameters(), symbol.plain());
    }

    @Override
    public int step() {
      return run.given().firstStep() + t;
    }
  }
}
