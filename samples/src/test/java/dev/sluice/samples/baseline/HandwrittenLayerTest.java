package dev.sluice.samples.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.samples.baseline.HandwrittenLayer.Gradients;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HandwrittenLayerTest {
  @ParameterizedTest(name = "{0} {1}: I={2} H={3} B={4} T={5}")
  @CsvSource({
    "lstm, plain,   3,  5, 2, 4",
    "lstm, vector,  3,  5, 2, 4",
    "gru,  plain,   3,  5, 2, 4",
    "gru,  vector,  3,  5, 2, 4",
    "lstm, vector,  1,  1, 1, 1",
    "gru,  vector,  1,  1, 1, 1",
    "lstm, plain,   2, 17, 5, 3",
    "lstm, vector,  2, 17, 5, 3",
    "gru,  vector, 17,  3, 1, 6",
  })
  void gradientsAreThoseOfTheLossInDoublePrecision(
      String cell, String kind, int inputs, int hidden, int batch, int steps) {
    Case run = new Case(cell, new Extent(inputs, hidden, batch, steps), 7);
    Reference reference = run.reference();
    HandwrittenLayer layer = run.layer(kind);

    double loss = run.loss(layer);
    Gradients gradients = layer.backward(run.dy, run.dFinal);

    assertThat(loss)
        .isCloseTo(
            reference.loss(), org.assertj.core.data.Offset.offset(1e-5 * batch * steps * hidden));
    compare("input", gradients.weights().input(), reference, reference.input());
    compare("recurrent", gradients.weights().recurrent(), reference, reference.recurrent());
    compare("bias", gradients.weights().bias(), reference, reference.bias());
    compare("x", gradients.x(), reference, reference.x());
    for (int s = 0; s < run.initial.size(); s++) {
      compare("initial " + s, gradients.initial().get(s), reference, reference.initial().get(s));
    }
  }

  /// The second pass must not see the first; sizes are on, below and above whole tiles, and more
  /// than one chunk of pairs.
  @ParameterizedTest(name = "{0}: I={1} H={2} B={3} T={4}")
  @CsvSource({
    "lstm, 65, 64, 9, 40",
    "gru, 65, 64, 9, 40",
    "lstm, 16, 33, 3, 7",
    "gru, 31, 100, 4, 5",
    "lstm, 128, 48, 1, 20",
    "gru, 128, 48, 1, 20",
  })
  void plainLoopsAndVectorsAgree(String cell, int inputs, int hidden, int batch, int steps) {
    Extent extent = new Extent(inputs, hidden, batch, steps);
    Case first = new Case(cell, extent, 1);
    HandwrittenLayer plain = first.layer("plain");
    HandwrittenLayer vector = first.layer("vector");
    for (long seed = 1; seed <= 2; seed++) {
      Case run = new Case(cell, extent, seed);
      plain.load(run.weights);
      vector.load(run.weights);

      assertClose("output", vector.forward(run.x, run.initial), plain.forward(run.x, run.initial));
      Gradients ours = vector.backward(run.dy, run.dFinal);
      Gradients theirs = plain.backward(run.dy, run.dFinal);
      assertClose("input", ours.weights().input(), theirs.weights().input());
      assertClose("recurrent", ours.weights().recurrent(), theirs.weights().recurrent());
      assertClose("bias", ours.weights().bias(), theirs.weights().bias());
      assertClose("x", ours.x(), theirs.x());
      for (int s = 0; s < run.initial.size(); s++) {
        assertClose("final " + s, vector.finalStates().get(s), plain.finalStates().get(s));
        assertClose("initial " + s, ours.initial().get(s), theirs.initial().get(s));
      }
    }
  }

  private static void compare(String name, float[] gradient, Reference reference, double[] of) {
    assertThat(gradient).as(name).hasSameSizeAs(of);
    for (int i = 0; i < of.length; i += Math.max(1, of.length / 40)) {
      double expected = reference.difference(of, i);
      assertThat((double) gradient[i])
          .as(name + "[" + i + "]")
          .isCloseTo(
              expected, org.assertj.core.data.Offset.offset(2e-5 + 2e-5 * Math.abs(expected)));
    }
  }

  private static void assertClose(String name, float[] actual, float[] expected) {
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).as(name + " is not all zero").isPositive();
    assertThat(actual)
        .as(name)
        .containsExactly(expected, org.assertj.core.data.Offset.offset(1e-6f + 1e-5f * largest));
  }

  private static final class Case {
    final boolean lstm;
    final Extent extent;
    final Weights weights;
    final float[] x;
    final List<float[]> initial = new ArrayList<>();
    final float[] dy;
    final List<float[]> dFinal = new ArrayList<>();

    Case(String cell, Extent extent, long seed) {
      this.extent = extent;
      lstm = cell.equals("lstm");
      SplittableRandom random = new SplittableRandom(seed);
      weights = Weights.random(lstm ? 4 : 3, extent.inputs(), extent.hidden(), random);
      x = values(extent.pairs() * extent.inputs(), random);
      dy = values(extent.pairs() * extent.hidden(), random);
      for (int s = 0; s < (lstm ? 2 : 1); s++) {
        initial.add(values(extent.batch() * extent.hidden(), random));
        dFinal.add(values(extent.batch() * extent.hidden(), random));
      }
    }

    HandwrittenLayer layer(String kind) {
      boolean plain = kind.equals("plain");
      return lstm
          ? plain ? new PlainLstm(extent, weights) : new VectorLstm(extent, weights)
          : plain ? new PlainGru(extent, weights) : new VectorGru(extent, weights);
    }

    double loss(HandwrittenLayer layer) {
      double loss = dot(layer.forward(x, initial), dy);
      for (int s = 0; s < initial.size(); s++) {
        loss += dot(layer.finalStates().get(s), dFinal.get(s));
      }
      return loss;
    }

    Reference reference() {
      return new Reference(
          extent,
          lstm,
          doubles(weights.input()),
          doubles(weights.recurrent()),
          doubles(weights.bias()),
          doubles(x),
          initial.stream().map(Case::doubles).toList(),
          doubles(dy),
          dFinal.stream().map(Case::doubles).toList());
    }

    private static double dot(float[] a, float[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += (double) a[i] * b[i];
      }
      return sum;
    }

    private static float[] values(int count, SplittableRandom random) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = random.nextFloat(-1, 1);
      }
      return values;
    }

    private static double[] doubles(float[] values) {
      double[] result = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        result[i] = values[i];
      }
      return result;
    }
  }
}
