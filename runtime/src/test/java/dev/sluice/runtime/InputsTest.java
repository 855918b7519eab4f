package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Cells read inputs where the caller has them: wherever that is, and no longer than they may.
class InputsTest {
  private static final int STEPS = 7;
  private static final int BATCH = 5;
  private static final List<int[]> LENGTHS =
      List.of(
          new int[] {},
          new int[] {7, 7, 7, 7, 7},
          new int[] {2, 7, 1, 7, 4},
          new int[] {0, 3, 0, 5, 5});

  /// Every layer reads x or s, forward and in reverse.
  private static Sequential network(int inputs) {
    Recurrent leaky = Recurrent.of(new Leaky(), Sizes.of("x", inputs).and("c", inputs));
    return Sequential.of(leaky.bidirectional(Merge.SUM), leaky).initialise(1);
  }

  private static Batch batch(Tensor x, Tensor s) {
    return Batch.of(x).input("s", s);
  }

  private static Tensor random(long seed, int length) {
    return NetworkTest.random(new SplittableRandom(seed), STEPS, BATCH, length);
  }

  private static Tensor nans(int steps, int batch, int length) {
    float[] values = new float[steps * batch * length];
    java.util.Arrays.fill(values, Float.NaN);
    return Tensor.of(values, steps, batch, length);
  }

  /// A copy that starts at the second byte of other memory.
  private static Tensor moved(Tensor tensor, MemorySegment memory) {
    MemorySegment at = memory.asSlice(1, tensor.data().byteSize());
    at.copyFrom(tensor.data());
    return Tensor.of(at.asReadOnly(), tensor.shape());
  }

  @ParameterizedTest(name = "{0} floats, {1} threads")
  @CsvSource({"3, 1", "16, 1", "16, 2", "33, 2"})
  void theyMayLieAnywhere(int inputs, int threads) {
    Tensor x = random(1, inputs);
    Tensor s = random(2, 1);
    try (Arena arena = Arena.ofConfined();
        Sequential network = network(inputs)) {
      List<UnaryOperator<Tensor>> places =
          List.of(
              tensor -> moved(tensor, arena.allocate(tensor.data().byteSize() + 1)),
              tensor ->
                  moved(tensor, MemorySegment.ofArray(new byte[4 * (int) tensor.floats() + 1])));
      for (int[] lengths : LENGTHS) {
        float[] expected;
        try (Session fresh = network.session(1)) {
          expected = fresh.run(batch(x, s).lengths(lengths)).toArray();
        }
        for (UnaryOperator<Tensor> place : places) {
          try (Session session = network.session(threads)) {
            // Nothing of another batch may be left between the rows.
            session.run(batch(nans(9, 3, inputs), nans(9, 3, 1)));
            Batch moved = batch(place.apply(x), place.apply(s)).lengths(lengths);
            assertThat(session.run(moved).toArray()).containsExactly(expected);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 16})
  void theOutputMayTakeTheirPlace(int inputs) {
    try (Sequential network = network(inputs);
        Session session = network.session()) {
      for (int[] lengths : LENGTHS) {
        Tensor x = random(1, inputs);
        Batch batch = batch(x, random(2, 1)).lengths(lengths);
        float[] expected = session.run(batch).toArray();
        session.run(batch, x);
        assertThat(x.toArray()).containsExactly(expected);
      }
    }
  }

  /// Whether a cell runs forward again on the way back or not.
  @ParameterizedTest(name = "{0} of the memory, {1} floats")
  @CsvSource({"1.0, 3", "0.8, 3", "1.0, 16", "0.8, 16"})
  void theCallerMayChangeThemAfterThePassForward(double share, int inputs) {
    try (Sequential network = network(inputs);
        Training undisturbed = network.training(1);
        Training training = network.training(1)) {
      training.memory((long) (training.plan(STEPS, BATCH).bytes() * share));
      MemoryPlan plan = training.plan(STEPS, BATCH);
      assertThat(plan.kept() < plan.cells()).isEqualTo(share < 1);
      for (int[] lengths : LENGTHS) {
        Batch kept = batch(random(1, inputs), random(2, 1)).lengths(lengths);
        Tensor gradient = undisturbed.forward(kept);
        undisturbed.gradients().zero();
        undisturbed.backward(gradient);
        Tensor x = random(1, inputs);
        Tensor s = random(2, 1);
        training.forward(batch(x, s).lengths(lengths));
        x.data().copyFrom(nans(STEPS, BATCH, inputs).data());
        s.data().copyFrom(nans(STEPS, BATCH, 1).data());
        training.gradients().zero();
        training.backward(gradient);
        for (Name name : network.weights().names()) {
          assertThat(training.gradients().get(name).toArray())
              .as("%s", name)
              .usingComparatorWithPrecision(1e-5f)
              .containsExactly(undisturbed.gradients().get(name).toArray());
        }
      }
    }
  }

  @Test
  void memoryThatIsNotThereIsRefusedBeforeAnyStateMoves() throws Exception {
    Recurrent leaky = Recurrent.of(new Leaky(), Sizes.of("x", 3).and("c", 3));
    try (ExecutorService other = Executors.newSingleThreadExecutor();
        Sequential network = Sequential.of(leaky.stacked(2)).initialise(1);
        Session session = network.session()) {
      Tensor x = random(1, 3);
      Tensor s = random(2, 1);
      Tensor gone;
      try (Arena arena = Arena.ofConfined()) {
        gone = moved(s, arena.allocate(s.data().byteSize() + 1));
      }
      Arena theirs = other.submit(Arena::ofConfined).get();
      MemorySegment memory = other.submit(() -> theirs.allocate(x.data().byteSize() + 1)).get();
      Tensor foreign = other.submit(() -> moved(x, memory)).get();
      session.run(batch(x, s));
      float[] next = session.run(batch(x, s).continuing()).toArray();
      session.run(batch(x, s));
      assertThatThrownBy(() -> session.run(batch(x, gone).continuing()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("input s: the arena of its memory has been closed");
      assertThatThrownBy(() -> session.run(batch(foreign, s).continuing()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("x: its memory belongs to another thread");
      assertThat(session.run(batch(x, s).continuing()).toArray()).containsExactly(next);
      other.submit(theirs::close).get();
    }
  }
}
