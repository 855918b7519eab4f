package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.GradientCheck.Kind;
import dev.sluice.compiler.ir.GradientCheck.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// A [GradientCheck] at one point.
final class DifferenceProbe {
  /// Distances to try, the next where one crosses a kink or is too far for the function's curvature
  /// (a quotient whose divisor is near 0). Truncation is of order h⁴, rounding 1e-16/h of the loss.
  private static final double[] DISTANCES = {1e-3, 2.5e-4, 6e-5};

  /// How far differences of second order at h and 2h may be apart, relatively: the fourth-order one
  /// made of them is then right to about the square of it.
  private static final double SETTLED = 1e-4;

  /// Numbers of one tensor that are compared; of more, a random choice.
  private static final int MOST_NUMBERS = 200;

  private static final double ZERO = 1e-5;

  private final Interpreter interpreter;
  private final Values point;
  private final double[][][] outputGradients;
  private final Map<String, double[][]> finalGradients;
  private final Run run;
  private final Gradients derived;
  private final double magnitude;
  private final Random random;

  DifferenceProbe(Adjoint adjoint, Interpreter interpreter, List<Integer> lengths, long seed) {
    this.interpreter = interpreter;
    this.random = new Random(seed);
    int steps = lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
    this.point = RandomValues.of(interpreter, steps, lengths, random.nextLong());
    this.outputGradients = RandomValues.outputGradients(interpreter, point, random.nextLong());
    this.finalGradients = RandomValues.finalGradients(interpreter, point, random.nextLong());
    this.run = interpreter.run(point);
    this.derived = interpreter.backward(adjoint, run, outputGradients, finalGradients);
    this.magnitude = loss(run, true);
  }

  GradientCheck check() {
    List<Line> lines = new ArrayList<>();
    derived.parameters().entrySet().stream()
        .filter(p -> !isFrozen(p.getKey()))
        .forEach(p -> lines.add(line(new ParameterTensor(p.getKey(), p.getValue()))));
    derived.inputs().forEach((name, d) -> lines.add(line(new InputTensor(name, d))));
    derived.initial().forEach((name, d) -> lines.add(line(new InitialTensor(name, d))));
    return new GradientCheck(lines);
  }

  private boolean isFrozen(String parameter) {
    return interpreter.cell().parameters().stream()
        .anyMatch(p -> p.frozen() && p.symbol().plain().equals(parameter));
  }

  /// One parameter, input or initial state.
  private interface Tensor {
    Kind kind();

    String name();

    int count();

    double gradient(int index);

    /// The point with one number of the tensor moved.
    Values moved(Values point, int index, double by);
  }

  private record ParameterTensor(String name, Array d) implements Tensor {
    @Override
    public Kind kind() {
      return Kind.PARAMETER;
    }

    @Override
    public int count() {
      return d.size();
    }

    @Override
    public double gradient(int index) {
      return d.at(index);
    }

    @Override
    public Values moved(Values point, int index, double by) {
      Map<String, Array> parameters = new LinkedHashMap<>(point.parameters());
      parameters.computeIfPresent(name, (_, p) -> p.with(index, p.at(index) + by));
      return point.withParameters(parameters);
    }
  }

  private record InputTensor(String name, double[][][] d) implements Tensor {
    @Override
    public Kind kind() {
      return Kind.INPUT;
    }

    @Override
    public int count() {
      return d.length * d[0].length * d[0][0].length;
    }

    @Override
    public double gradient(int index) {
      return row(d, index)[index % d[0][0].length];
    }

    @Override
    public Values moved(Values point, int index, double by) {
      double[][][] copy = new double[d.length][][];
      for (int t = 0; t < copy.length; t++) {
        copy[t] = DifferenceProbe.copy(Named.in(point.inputs(), name)[t]);
      }
      row(copy, index)[index % d[0][0].length] += by;
      Map<String, double[][][]> inputs = new LinkedHashMap<>(point.inputs());
      inputs.put(name, copy);
      return point.withInputs(inputs);
    }

    private double[] row(double[][][] x, int index) {
      int row = index / d[0][0].length;
      return x[row / d[0].length][row % d[0].length];
    }
  }

  private record InitialTensor(String name, double[][] d) implements Tensor {
    @Override
    public Kind kind() {
      return Kind.INITIAL_STATE;
    }

    @Override
    public int count() {
      return d.length * d[0].length;
    }

    @Override
    public double gradient(int index) {
      return d[index / d[0].length][index % d[0].length];
    }

    @Override
    public Values moved(Values point, int index, double by) {
      double[][] copy = DifferenceProbe.copy(Named.in(point.initial(), name));
      copy[index / d[0].length][index % d[0].length] += by;
      Map<String, double[][]> initial = new LinkedHashMap<>(point.initial());
      initial.put(name, copy);
      return point.withInitial(initial);
    }
  }

  private static double[][] copy(double[][] rows) {
    double[][] copy = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      copy[i] = rows[i].clone();
    }
    return copy;
  }

  private Line line(Tensor tensor) {
    double scale = Math.max(rootMeanSquare(tensor), ZERO * Math.max(1, magnitude));
    double worst = 0;
    int checked = 0;
    int skipped = 0;
    for (int index : chosen(tensor.count())) {
      Optional<Double> difference = difference(tensor, index, scale);
      if (difference.isEmpty()) {
        skipped++;
        continue;
      }
      checked++;
      double a = tensor.gradient(index);
      double b = difference.get();
      double error = Math.abs(a - b) / Math.max(scale, Math.max(Math.abs(a), Math.abs(b)));
      worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
    }
    return new Line(tensor.kind(), tensor.name(), worst, checked, skipped);
  }

  private int[] chosen(int count) {
    return count <= MOST_NUMBERS
        ? IntStream.range(0, count).toArray()
        : random.ints(0, count).distinct().limit(MOST_NUMBERS).toArray();
  }

  /// `(8 (L(h) − L(−h)) − (L(2h) − L(−2h))) / 12h`, or empty when all of them cross a kink. Which h
  /// is taken depends on the loss alone, not on the derived gradient.
  private Optional<Double> difference(Tensor tensor, int index, double scale) {
    Optional<Double> found = Optional.empty();
    for (double h : DISTANCES) {
      boolean[] crossed = new boolean[1];
      IntToDoubleFunction at =
          steps -> {
            Run moved = interpreter.run(tensor.moved(point, index, steps * h));
            crossed[0] |= moved.branches() != run.branches();
            return loss(moved, false);
          };
      double near = (at.applyAsDouble(1) - at.applyAsDouble(-1)) / (2 * h);
      double far = (at.applyAsDouble(2) - at.applyAsDouble(-2)) / (4 * h);
      if (crossed[0]) {
        continue;
      }
      found = Optional.of((4 * near - far) / 3);
      if (Math.abs(near - far) <= SETTLED * Math.max(scale, Math.abs(near))) {
        break;
      }
    }
    return found;
  }

  private static double rootMeanSquare(Tensor tensor) {
    double sum = 0;
    for (int i = 0; i < tensor.count(); i++) {
      sum += tensor.gradient(i) * tensor.gradient(i);
    }
    return Math.sqrt(sum / tensor.count());
  }

  /// Σ output∘g + Σ final∘g, or the sum of the terms' absolute values.
  private double loss(Run run, boolean absolute) {
    double sum = 0;
    double[][][] output = run.output();
    for (int t = 0; t < output.length; t++) {
      sum += dot(output[t], outputGradients[t], absolute);
    }
    for (var entry : run.finals().entrySet()) {
      sum += dot(entry.getValue(), Named.in(finalGradients, entry.getKey()), absolute);
    }
    return sum;
  }

  private static double dot(double[][] a, double[][] b, boolean absolute) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        double term = a[i][j] * b[i][j];
        sum += absolute ? Math.abs(term) : term;
      }
    }
    return sum;
  }
}
