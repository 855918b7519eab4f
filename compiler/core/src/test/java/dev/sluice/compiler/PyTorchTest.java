package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.derive.Derive;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Gradients;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.IrParser;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Values;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The interpreter and the derived backward pass against what PyTorch computed, so that the oracle
/// of all other tests has one of its own.
class PyTorchTest {
  private static final Map<String, Integer> SIZES = Map.of("m", 3, "n", 5);

  private static final String RNN =
      """
      dim n = h
      dim m = x
      input x: [m]
      state h: [n]
      param weight_ih_l0: [n, m]
      param bias_ih_l0: [n]
      param weight_hh_l0: [n, n]
      param bias_hh_l0: [n]
      output h
      h: [n] = relu(weight_ih_l0 @ x + bias_ih_l0 + weight_hh_l0 @ h[t-1] + bias_hh_l0)
      """;

  private static final String LSTM =
      """
      dim n = h, c
      dim m = x
      input x: [m]
      state h: [n]
      state c: [n]
      param weight_ih_l0: [4n, m]
      param bias_ih_l0: [4n]
      param weight_hh_l0: [4n, n]
      param bias_hh_l0: [4n]
      output h
      z: [4n] = weight_ih_l0 @ x + bias_ih_l0 + weight_hh_l0 @ h[t-1] + bias_hh_l0
      i: [n] = sigmoid(z[0:n])
      f: [n] = sigmoid(z[n:2n])
      g: [n] = tanh(z[2n:3n])
      o: [n] = sigmoid(z[3n:4n])
      c: [n] = add(f * c[t-1], i * g)
      h: [n] = o * tanh(c)
      """;

  private static final String GRU =
      """
      dim n = h
      dim m = x
      input x: [m]
      state h: [n]
      param weight_ih_l0: [3n, m]
      param bias_ih_l0: [3n]
      param weight_hh_l0: [3n, n]
      param bias_hh_l0: [3n]
      output h
      a: [3n] = weight_ih_l0 @ x + bias_ih_l0
      b: [3n] = weight_hh_l0 @ h[t-1] + bias_hh_l0
      r: [n] = sigmoid(a[0:n] + b[0:n])
      z: [n] = sigmoid(a[n:2n] + b[n:2n])
      g: [n] = tanh(a[2n:3n] + r * b[2n:3n])
      h: [n] = (1.0 - z) * g + z * h[t-1]
      """;

  @Test
  void anRnnInDoublePrecision() throws IOException {
    check(RNN, "rnn_relu_l1_uni_i3h5_b2t7_f64", 1e-12);
  }

  @Test
  void anLstm() throws IOException {
    check(LSTM, "lstm_l1_uni_i3h5_b3t7", 1e-6);
  }

  @Test
  void aGru() throws IOException {
    check(GRU, "gru_l1_uni_i3h5_b1t7", 1e-6);
  }

  /// Forward as written, backward as derived from the canonical form.
  private static void check(String text, String folder, double tolerance) throws IOException {
    Cell cell = IrParser.cell(text);
    Adjoint adjoint = Derive.reverse(Canon.rewrite(cell));
    double[][][] x = rank3(folder, "x");
    Map<String, Array> parameters = new LinkedHashMap<>();
    for (Cell.Parameter p : cell.parameters()) {
      String name = p.symbol().plain();
      parameters.put(name, Array.of(p.shape(), SIZES, npy(folder, name).values()));
    }
    Map<String, double[][]> initial = new LinkedHashMap<>();
    Map<String, double[][]> finalGradients = new LinkedHashMap<>();
    for (Cell.State s : cell.states()) {
      String name = s.symbol().plain();
      initial.put(name, rank3(folder, name + "0")[0]);
      finalGradients.put(name, rank3(folder, "grad_" + name + "n")[0]);
    }
    Values values =
        Values.of(x.length, x[0].length, parameters, Map.of("x", x)).withInitial(initial);
    Run run = Interpreter.of(cell, SIZES).run(values);
    close("output", flat(run.output()), npy(folder, "output").values(), tolerance);
    run.finals().forEach((name, rows) -> closeTo(folder, name + "n", flat(rows), tolerance));

    Interpreter canonical = Interpreter.of(adjoint.cell(), SIZES);
    Gradients gradients =
        canonical.backward(
            adjoint, canonical.run(values), rank3(folder, "grad_output"), finalGradients);
    gradients
        .parameters()
        .forEach((name, d) -> closeTo(folder, "grad_" + name, d.toArray(), tolerance));
    gradients.inputs().forEach((name, d) -> closeTo(folder, "grad_" + name, flat(d), tolerance));
    gradients
        .initial()
        .forEach((name, d) -> closeTo(folder, "grad_" + name + "0", flat(d), tolerance));
  }

  private static void closeTo(String folder, String file, double[] found, double tolerance) {
    try {
      close(file, found, npy(folder, file).values(), tolerance);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(String what, double[] found, double[] expected, double tolerance) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(largest).as(what).isPositive();
    assertThat(found).as(what).containsExactly(expected, within(tolerance * Math.max(1, largest)));
  }

  private static double[] flat(double[][][] x) {
    return Arrays.stream(x).flatMapToDouble(rows -> Arrays.stream(flat(rows))).toArray();
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private record Npy(int[] shape, double[] values) {}

  private static double[][][] rank3(String folder, String name) throws IOException {
    Npy npy = npy(folder, name);
    int[] shape = npy.shape();
    double[][][] x = new double[shape[0]][shape[1]][shape[2]];
    for (int i = 0; i < npy.values().length; i++) {
      x[i / (shape[1] * shape[2])][i / shape[2] % shape[1]][i % shape[2]] = npy.values()[i];
    }
    return x;
  }

  /// Version 1, little-endian, C order; the runtime's reader would round to float.
  private static Npy npy(String folder, String name) throws IOException {
    String resource = "/torch/" + folder + "/" + name + ".npy";
    try (InputStream in =
        Objects.requireNonNull(PyTorchTest.class.getResourceAsStream(resource), resource)) {
      ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      int length = bytes.getShort(8);
      String header = new String(bytes.array(), 10, length, StandardCharsets.US_ASCII);
      boolean wide = header.contains("'<f8'");
      String dimensions = header.substring(header.indexOf('(') + 1, header.indexOf(')'));
      int[] shape = Arrays.stream(dimensions.split(",\\s*")).mapToInt(Integer::parseInt).toArray();
      double[] values = new double[(bytes.capacity() - 10 - length) / (wide ? 8 : 4)];
      for (int i = 0; i < values.length; i++) {
        int at = 10 + length + i * (wide ? 8 : 4);
        values[i] = wide ? bytes.getDouble(at) : bytes.getFloat(at);
      }
      return new Npy(shape, values);
    }
  }
}
