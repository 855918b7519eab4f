package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Outputs, states and all gradients of networks of every form against [Reference].
class NetworkTest {
  private static final int STEPS = 5;
  private static final int[] EQUAL = {};
  private static final int[] MIXED = {2, 5, 1, 4};
  private static final int[] SHORTER_THAN_X = {3, 1, 3, 2};
  private static final int[] SOME_EMPTY = {0, 4, 0, 2};

  static Stream<Arguments> networks() {
    Recurrent elman = Recurrent.of(new Elman(), Sizes.of("x", 3).and("h", 4));
    Recurrent leaky = Recurrent.of(new Leaky(), Sizes.of("x", 3).and("c", 2));
    Recurrent leaky4 = Recurrent.of(new Leaky(), Sizes.of("x", 4).and("c", 3));
    Recurrent elman3 = Recurrent.of(new Elman(), Sizes.of("x", 3).and("h", 17));
    Recurrent elmanOf5 = Recurrent.of(new Elman(), Sizes.of("x", 5).and("h", 2));
    Map<String, Layer[]> forms = new LinkedHashMap<>();
    forms.put("one layer", new Layer[] {elman});
    forms.put(
        "rows of whole vectors",
        new Layer[] {Recurrent.of(new Elman(), Sizes.of("x", 16).and("h", 16)).stacked(2)});
    forms.put("two states, two inputs", new Layer[] {leaky});
    forms.put("reverse", new Layer[] {leaky.reverse()});
    forms.put("stack of three", new Layer[] {elman.stacked(3)});
    forms.put("bidirectional", new Layer[] {elman.bidirectional()});
    forms.put("stack, concatenated", new Layer[] {leaky.stacked(2).bidirectional()});
    forms.put("stack, sum", new Layer[] {leaky.stacked(2).bidirectional(Merge.SUM)});
    forms.put("stack, mean", new Layer[] {elman.stacked(2).bidirectional(Merge.MEAN)});
    forms.put("mixed", new Layer[] {elman, leaky4.reverse(), elman3});
    forms.put("last step", new Layer[] {elman.lastStep()});
    forms.put(
        "last step of both, then a layer",
        new Layer[] {
          leaky.stacked(2).bidirectional(Merge.MEAN).lastStep(),
          Recurrent.of(new Elman(), Sizes.of("x", 2).and("h", 3))
        });
    forms.put("linear", new Layer[] {Linear.of(3, 70)});
    forms.put("linear above", new Layer[] {elman3.reverse(), Linear.of(17, 5), elmanOf5});
    forms.put("linear below", new Layer[] {Linear.of(33, 3), leaky.bidirectional().lastStep()});
    forms.put("last step, concatenated", new Layer[] {elman.bidirectional().lastStep()});
    List<Arguments> cases = new ArrayList<>();
    for (var form : forms.entrySet()) {
      for (int[] lengths : List.of(EQUAL, MIXED, SHORTER_THAN_X, SOME_EMPTY)) {
        cases.add(Arguments.of(form.getKey(), form.getValue(), lengths));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("networks")
  void equalsTheReference(String form, Layer[] layers, int[] lengths) {
    SplittableRandom random = new SplittableRandom(form.hashCode());
    try (Sequential network = Sequential.of(layers).initialise(7);
        Session session = network.session();
        Training training = network.training()) {
      Batch batch = batch(network, lengths, random);
      Reference reference = new Reference(unstacked(layers), network.weights(), batch);
      // A run of another shape before, so that buffers are used again.
      session.run(batch(network, EQUAL, random));
      Tensor output = session.run(batch);
      assertOutput(output, reference, lengths);
      assertThat(training.forward(batch).toArray()).containsExactly(output.toArray());
      Map<Name, Tensor> finals = session.finalStates();
      assertThat(finals.keySet()).containsExactlyElementsOf(network.states());
      finals.forEach(
          (name, tensor) ->
              assertClose(
                  tensor,
                  flat(Objects.requireNonNull(reference.finals.get(name))),
                  "final " + name));

      Tensor outputGradient = random(random, output.shape());
      Map<Name, Tensor> finalGradients = new LinkedHashMap<>();
      finals.forEach((name, tensor) -> finalGradients.put(name, random(random, tensor.shape())));
      training.backward(outputGradient, finalGradients);
      assertGradients(training, network, reference, outputGradient, finalGradients);
    }
  }

  private static void assertOutput(Tensor output, Reference reference, int[] lengths) {
    for (int b = 0; b < output.size(1); b++) {
      List<double[]> expected = reference.sequence(b);
      for (int t = 0; t < output.size(0); t++) {
        for (int i = 0; i < output.size(2); i++) {
          double value = t < expected.size() ? expected.get(t)[i] : 0;
          assertThat((double) output.get(t, b, i))
              .as("output %d %d %d", t, b, i)
              .isCloseTo(value, within(1e-5));
        }
      }
    }
    assertThat(lengths.length).isIn(0, output.size(1));
  }

  private static void assertGradients(
      Training training,
      Sequential network,
      Reference reference,
      Tensor g,
      Map<Name, Tensor> gFinal) {
    reference.parameters.forEach(
        (name, values) ->
            assertClose(
                training.gradients().get(name),
                Reference.gradient(values, () -> reference.loss(g, gFinal)),
                "d_" + name));
    assertClose(training.inputGradient(), gradients(reference, reference.x, g, gFinal), "d_x");
    for (String input : network.moreInputs().keySet()) {
      assertClose(
          training.inputGradient(input),
          gradients(reference, Objects.requireNonNull(reference.inputs.get(input)), g, gFinal),
          "d_" + input);
    }
    Map<Name, Tensor> initial = training.initialStateGradients();
    assertThat(reference.initial.isEmpty()).isEqualTo(network.states().isEmpty());
    reference.initial.forEach(
        (name, rows) -> {
          List<Double> expected = new ArrayList<>();
          for (double[] row : rows) {
            for (double d : Reference.gradient(row, () -> reference.loss(g, gFinal))) {
              expected.add(d);
            }
          }
          assertClose(
              Objects.requireNonNull(initial.get(name)),
              expected.stream().mapToDouble(d -> d).toArray(),
              "d initial " + name);
        });
  }

  private static double[] gradients(
      Reference reference, double[][][] values, Tensor g, Map<Name, Tensor> gFinal) {
    List<Double> expected = new ArrayList<>();
    for (double[][] step : values) {
      for (double[] row : step) {
        for (double d : Reference.gradient(row, () -> reference.loss(g, gFinal))) {
          expected.add(d);
        }
      }
    }
    return expected.stream().mapToDouble(d -> d).toArray();
  }

  /// Initial states for every other state, and all inputs.
  private static Batch batch(Sequential network, int[] lengths, SplittableRandom random) {
    int sequences = lengths.length == 0 ? 3 : lengths.length;
    Batch batch =
        Batch.of(random(random, STEPS, sequences, network.inputLength())).lengths(lengths);
    for (var input : network.moreInputs().entrySet()) {
      batch = batch.input(input.getKey(), random(random, STEPS, sequences, input.getValue()));
    }
    Map<Name, Tensor> states;
    try (Training training = network.training()) {
      training.forward(batch);
      states = training.finalStates();
    }
    int i = 0;
    for (var state : states.entrySet()) {
      if (i++ % 2 == 0) {
        batch = batch.initial(state.getKey(), random(random, state.getValue().shape()));
      }
    }
    return batch;
  }

  /// A stack as its layers: the reference knows no depth.
  private static List<Recurrent> unstacked(Layer[] layers) {
    List<Recurrent> list = new ArrayList<>();
    for (Layer layer : layers) {
      Recurrent recurrent = layer instanceof Linear linear ? linear.cell() : (Recurrent) layer;
      for (int d = 0; d < recurrent.depth(); d++) {
        list.add(
            new Recurrent(
                recurrent.program(),
                recurrent.sizes(),
                1,
                recurrent.directions(),
                recurrent.merge(),
                recurrent.last() && d == recurrent.depth() - 1));
      }
    }
    return list;
  }

  static Tensor random(SplittableRandom random, int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    float[] values = tensor.toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return Tensor.of(values, shape);
  }

  private static double[] flat(double[][] rows) {
    return Stream.of(rows).flatMapToDouble(java.util.Arrays::stream).toArray();
  }

  private static void assertClose(Tensor actual, double[] expected, String what) {
    float[] values = actual.toArray();
    assertThat(values).as(what).hasSameSizeAs(expected);
    // Relative to the tensor's largest value: what sums of floats can promise.
    double scale = Math.max(1, java.util.Arrays.stream(expected).map(Math::abs).max().orElse(0));
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i])
          .as("%s[%d]", what, i)
          .isCloseTo(expected[i], within(1e-5 * scale));
    }
  }
}
