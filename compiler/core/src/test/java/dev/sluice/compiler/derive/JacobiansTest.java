package dev.sluice.compiler.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.IrPrinter;
import dev.sluice.compiler.ir.Jacobian;
import dev.sluice.compiler.ir.Jacobian.Factor;
import dev.sluice.compiler.ir.Kronecker;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.RandomCells;
import dev.sluice.compiler.ir.RandomCells.Feature;
import dev.sluice.compiler.ir.RandomValues;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.Values;
import dev.sluice.compiler.report.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Jacobians as they are printed, and their numbers against central differences.
class JacobiansTest {
  private static final Path CELLS = Path.of("../../samples/cells");

  @Test
  void ofTheLstmAsOnTheSlides() throws IOException {
    List<String> lines = lines(sample("lstm"));
    assertThat(lines)
        .contains(
            "∂c_t/∂c_{t-1} = diag(f_t)",
            "∂c_t/∂h_{t-1} = diag(c_{t-1} ∘ f_t ∘ (1 − f_t)) W_f"
                + " + diag(c̃_t ∘ i_t ∘ (1 − i_t)) W_i"
                + " + diag(i_t ∘ (1 − c̃_t²)) W_c",
            "∂h_t/∂c_t = diag(o_t ∘ (1 − tanh(c_t)²))");
  }

  @Test
  void ofTheSimpleRnnAndTheGru() throws IOException {
    assertThat(lines(sample("rnn"))).containsExactly("∂h_t/∂h_{t-1} = diag(1 − h_t²) W");
    assertThat(lines(sample("gru_write")).getFirst())
        .startsWith("∂h_t/∂h_{t-1} = diag(1 − u_t) ")
        .contains("diag(r_t)");
  }

  @Test
  void whatHasNoTimeIsWrittenOut() {
    assertThat(
            lines(
                compiled(
                    "const γ = 1.3, dt = 0.1, ε = 0.9\n"
                        + "z_t = z_{t-1} - dt γ z_{t-1} + dt tanh(V x_t) - dt ε z_t")))
        .containsExactly("∂z_t/∂z_{t-1} = (1 / (1 + ε · dt)) I − (1 / (1 + ε · dt) · (dt · γ)) I");
  }

  @Test
  void ofMatrixStatesWithKroneckerProducts() throws IOException {
    assertThat(lines(sample("xlstm_mlstm_matrix")))
        .contains("∂C_t/∂C_{t-1} = f′_t I", "∂n_t/∂n_{t-1} = f′_t I")
        .anyMatch(l -> l.startsWith("∂C_t/∂m_t = −f′_t vec(C_{t-1}) − i′_t (v_t ⊗ k_t)"));
    assertThat(lines(sample("gla_yang2024")))
        .containsExactly(
            "∂S_t/∂S_{t-1} = diag(α_t) ⊗ I",
            "∂y_t/∂S_{t-1} = (q_t ∘ α_t)ᵀ ⊗ I",
            "∂y_t/∂S_t = q_tᵀ ⊗ I");
    assertThat(lines(sample("gateloop_katsch2023"))).contains("∂S_t/∂S_{t-1} = I ⊗ diag(a_t)");
    assertThat(lines(sample("deltanet_schlag2021")))
        .containsExactly(
            "∂S_t/∂S_{t-1} = I − β_t (I ⊗ (k_t k_tᵀ))",
            "∂y_t/∂S_{t-1} = I ⊗ q_tᵀ − β_t (q_tᵀ k_t) (I ⊗ k_tᵀ)",
            "∂y_t/∂S_t = I ⊗ q_tᵀ");
    assertThat(lines(sample("fast_weights_ba2016"))).contains("∂A_t/∂A_{t-1} = λ I");
  }

  @Test
  void theHorizonOfAMatrixWhoseRowsForget() throws IOException {
    Cell gla = sample("gla_yang2024");
    assertThat(Horizons.of(gla, Jacobians.of(gla)))
        .singleElement()
        .satisfies(h -> assertThat(h.steps()).isEqualTo(2));
  }

  static LongStream seeds() {
    return LongStream.range(0, 120);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void ofRandomCellsAgainstCentralDifferences(long seed) {
    EnumSet<Feature> features = EnumSet.copyOf(RandomCells.USUAL);
    features.remove(Feature.KINKS); // a difference across a kink is none
    Cell cell = Canon.rewrite(RandomCells.cell(seed, features));
    assertAgree(cell, RandomCells.sizes(cell, seed), seed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "lstm_block", "gru", "gru_reset_after", "gru_write", "rnn"})
  void ofSamplesAgainstCentralDifferences(String name) throws IOException {
    Cell cell = sample(name);
    assertAgree(cell, Map.of("x", 2, "h", 3), 5);
  }

  static Stream<String> memories() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(CELLS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".cell")).sorted().toList()) {
        String name = file.getFileName().toString().replace(".cell", "");
        if (sample(name).states().stream().anyMatch(s -> s.shape() instanceof Shape.Matrix)) {
          names.add(name);
        }
      }
    }
    return names.stream();
  }

  /// All samples with a matrix as a state, at sizes that are all different.
  @ParameterizedTest
  @MethodSource("memories")
  void ofMatrixMemoriesAgainstCentralDifferences(String name) throws IOException {
    Cell cell = sample(name);
    Map<String, Integer> sizes = new HashMap<>();
    cell.dimensions().keySet().forEach(d -> sizes.put(d, 2 + sizes.size()));
    assertAgree(cell, sizes, 5);
  }

  // ---- numbers

  private static void assertAgree(Cell cell, Map<String, Integer> given, long seed) {
    List<Jacobian> jacobians =
        Jacobians.of(cell).stream().filter(j -> j.delay() == 1 && j.isComplete()).toList();
    Numbers numbers = new Numbers(cell, jacobians, given, seed);
    for (Jacobian j : jacobians) {
      double[][] symbolic = numbers.value(j);
      double[][] central = numbers.differences(j);
      for (int i = 0; i < central.length; i++) {
        for (int k = 0; k < central[i].length; k++) {
          assertThat(symbolic[i][k])
              .as("%s [%d, %d]\n%s", j.text(), i, k, IrPrinter.print(cell))
              .isCloseTo(central[i][k], offset(1e-6 * (1 + Math.abs(central[i][k]))));
        }
      }
    }
  }

  /// A run of one step, with the pieces of the Jacobians as values beside the cell's own.
  private static final class Numbers {
    private final Cell cell;
    private final Map<Expr, Symbol> pieces = new HashMap<>();
    private final Interpreter interpreter;
    private final Values values;
    private final Run run;

    Numbers(Cell cell, List<Jacobian> jacobians, Map<String, Integer> given, long seed) {
      this.cell = cell;
      List<Equation> equations = new ArrayList<>(cell.equations());
      for (Jacobian j : jacobians) {
        for (Jacobian.Path path : j.paths()) {
          path.factors().forEach(f -> add(f, equations));
          Kronecker.of(path).ifPresent(k -> add(k, equations));
        }
      }
      Cell more = cell.withEquations(equations);
      interpreter = Interpreter.of(more, given);
      values = RandomValues.of(interpreter, 1, List.of(1), seed);
      run = interpreter.run(values);
    }

    private void add(Kronecker kronecker, List<Equation> equations) {
      kronecker.scalars().forEach(s -> add(List.of(s), equations));
      for (Kronecker.Piece piece : kronecker.pieces()) {
        switch (piece) {
          case Kronecker.Piece.Elements(List<Expr> product) -> add(product, equations);
          case Kronecker.Piece.Pair(var left, var right) -> {
            left.factors().forEach(f -> add(f, equations));
            right.factors().forEach(f -> add(f, equations));
          }
        }
      }
    }

    private void add(Factor factor, List<Equation> equations) {
      List<Expr> product =
          switch (factor) {
            case Factor.Diagonal(List<Expr> p) -> p;
            case Factor.Row(List<Expr> p, Dim _) -> p;
            case Factor.Weight(Expr matrix) -> List.of(matrix);
            default -> List.of();
          };
      add(product, equations);
    }

    private void add(List<Expr> product, List<Equation> equations) {
      if (!product.isEmpty()) {
        Expr e = Jacobian.product(product);
        Symbol name = Symbol.of("jacobian_" + pieces.size());
        if (pieces.putIfAbsent(e, name) == null) {
          equations.add(new Equation(name, e, Origin.NONE));
        }
      }
    }

    private int size(Dim dim) {
      return dim.value(interpreter.sizes());
    }

    private Array array(List<Expr> product) {
      return run.value(pieces.get(Jacobian.product(product)).plain(), 0, 0);
    }

    double[][] value(Jacobian j) {
      int rows = Array.size(shape(j.target()), interpreter.sizes());
      int columns = Array.size(shape(j.source()), interpreter.sizes());
      double[][] sum = new double[rows][columns];
      for (Jacobian.Path path : j.paths()) {
        double[][] product = identity(columns, path.coefficient());
        for (Factor factor : path.factors().reversed()) {
          product = times(factor, product);
        }
        double[][] found = product;
        Kronecker.of(path).ifPresent(k -> assertAgree(j, k, found));
        for (int i = 0; i < rows; i++) {
          for (int k = 0; k < columns; k++) {
            sum[i][k] += product[i][k];
          }
        }
      }
      return sum;
    }

    /// What is printed is what the factors give.
    private void assertAgree(Jacobian j, Kronecker printed, double[][] expected) {
      double scale =
          printed.scalars().stream()
              .mapToDouble(s -> array(List.of(s)).at(0))
              .reduce(printed.coefficient(), (a, b) -> a * b);
      for (int source = 0; source < expected[0].length; source++) {
        double[][] x = unit(shape(j.source()), source, scale);
        for (Kronecker.Piece piece : printed.pieces().reversed()) {
          x = times(piece, x);
        }
        double[] column = Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
        for (int i = 0; i < expected.length; i++) {
          assertThat(column[i])
              .as("%s [%d, %d]", j.text(), i, source)
              .isCloseTo(expected[i][source], offset(1e-12 * (1 + Math.abs(expected[i][source]))));
        }
      }
    }

    /// A matrix of the shape, or a column.
    private double[][] unit(Shape shape, int at, double value) {
      int columns = shape instanceof Shape.Matrix(Dim _, Dim m) ? size(m) : 1;
      double[][] x = new double[Array.size(shape, interpreter.sizes()) / columns][columns];
      x[at / columns][at % columns] = value;
      return x;
    }

    /// `(A ⊗ B) x` is `A X Bᵀ`.
    private double[][] times(Kronecker.Piece piece, double[][] x) {
      return switch (piece) {
        case Kronecker.Piece.Elements(List<Expr> product) -> {
          double[][] r = new double[x.length][x[0].length];
          for (int i = 0; i < r.length; i++) {
            for (int k = 0; k < r[0].length; k++) {
              r[i][k] = array(product).at(i * r[0].length + k) * x[i][k];
            }
          }
          yield r;
        }
        case Kronecker.Piece.Pair(var left, var right) -> {
          boolean aside = left.inOne() ? x.length > 1 : right.inOne() && x[0].length > 1;
          double[][] m = aside ? transposed(x) : x;
          for (Factor factor : left.factors().reversed()) {
            m = times(factor, m);
          }
          m = transposed(m);
          for (Factor factor : right.factors().reversed()) {
            m = times(factor, m);
          }
          yield transposed(m);
        }
      };
    }

    private static double[][] transposed(double[][] m) {
      double[][] r = new double[m[0].length][m.length];
      for (int i = 0; i < m.length; i++) {
        for (int k = 0; k < r.length; k++) {
          r[k][i] = m[i][k];
        }
      }
      return r;
    }

    private static double[][] identity(int n, double value) {
      double[][] m = new double[n][n];
      for (int i = 0; i < n; i++) {
        m[i][i] = value;
      }
      return m;
    }

    private double[][] times(Factor factor, double[][] m) {
      return switch (factor) {
        case Factor.Diagonal(List<Expr> p) -> {
          Array d = array(p);
          double[][] r = new double[m.length][m[0].length];
          for (int i = 0; i < m.length; i++) {
            for (int k = 0; k < m[0].length; k++) {
              r[i][k] = m[i][k] * (d.rank() == 0 ? d.at(0) : d.at(i));
            }
          }
          yield r;
        }
        case Factor.Weight(Expr w) -> {
          Array a = array(List.of(w));
          double[][] r = new double[a.rows()][m[0].length];
          for (int i = 0; i < a.rows(); i++) {
            for (int l = 0; l < a.columns(); l++) {
              for (int k = 0; k < m[0].length; k++) {
                r[i][k] += a.at(i, l) * m[l][k];
              }
            }
          }
          yield r;
        }
        case Factor.Ones(Shape shape) -> {
          double[][] r = new double[Array.size(shape, interpreter.sizes())][];
          Arrays.setAll(r, _ -> m[0].clone());
          yield r;
        }
        case Factor.Row(List<Expr> p, Dim n) -> {
          double[][] r = new double[1][m[0].length];
          for (int i = 0; i < size(n); i++) {
            double d = p.isEmpty() ? 1 : array(p).rank() == 0 ? array(p).at(0) : array(p).at(i);
            for (int k = 0; k < m[0].length; k++) {
              r[0][k] += d * m[i][k];
            }
          }
          yield r;
        }
        case Factor.Triangle(boolean upper, Dim n) -> {
          double[][] r = new double[size(n)][m[0].length];
          for (int i = 0; i < r.length; i++) {
            for (int l = upper ? i : 0; l < (upper ? r.length : i + 1); l++) {
              for (int k = 0; k < m[0].length; k++) {
                r[i][k] += m[l][k];
              }
            }
          }
          yield r;
        }
        case Factor.Spread(Expr.Axis axis, Shape.Matrix(Dim n, Dim k)) -> {
          double[][] r = new double[size(n) * size(k)][];
          for (int i = 0; i < r.length; i++) {
            r[i] = m[axis == Expr.Axis.ROWS ? i / size(k) : i % size(k)].clone();
          }
          yield r;
        }
        case Factor.Total(Expr.Axis axis, Shape.Matrix(Dim n, Dim k)) -> {
          double[][] r = new double[size(axis == Expr.Axis.ROWS ? n : k)][m[0].length];
          for (int i = 0; i < m.length; i++) {
            for (int l = 0; l < m[0].length; l++) {
              r[axis == Expr.Axis.ROWS ? i / size(k) : i % size(k)][l] += m[i][l];
            }
          }
          yield r;
        }
        case Factor.Cut(Dim from, Dim length, Dim _) ->
            Arrays.copyOfRange(m, size(from), size(from) + size(length));
        case Factor.Place(Dim from, Dim _, Dim of) -> {
          double[][] r = new double[size(of)][m[0].length];
          System.arraycopy(m, 0, r, size(from), m.length);
          yield r;
        }
      };
    }

    double[][] differences(Jacobian j) {
      String source = j.source().plain();
      double[] start = values.initial().get(source)[0];
      double step = 1e-5;
      double[][] columns = new double[start.length][];
      for (int k = 0; k < start.length; k++) {
        double[] above = target(j, source, start, k, step);
        double[] below = target(j, source, start, k, -step);
        columns[k] = new double[above.length];
        for (int i = 0; i < above.length; i++) {
          columns[k][i] = (above[i] - below[i]) / (2 * step);
        }
      }
      double[][] rows = new double[columns[0].length][columns.length];
      for (int i = 0; i < rows.length; i++) {
        for (int k = 0; k < columns.length; k++) {
          rows[i][k] = columns[k][i];
        }
      }
      return rows;
    }

    private double[] target(Jacobian j, String source, double[] start, int k, double by) {
      double[] moved = start.clone();
      moved[k] += by;
      Map<String, double[][]> initial = new HashMap<>(values.initial());
      initial.put(source, new double[][] {moved});
      return interpreter.run(values.withInitial(initial)).value(j.target().plain(), 0, 0).toArray();
    }

    private Shape shape(Symbol symbol) {
      return cell.equation(symbol).orElseThrow().shape();
    }
  }

  private static List<String> lines(Cell cell) {
    return Jacobians.of(cell).stream().map(Jacobian::text).toList();
  }

  private static Cell sample(String name) throws IOException {
    return compiled(Files.readString(CELLS.resolve(name + ".cell")));
  }

  private static Cell compiled(String text) {
    return CellCompiler.canonical(Source.of(text), Options.named("cell")).value().orElseThrow();
  }
}
