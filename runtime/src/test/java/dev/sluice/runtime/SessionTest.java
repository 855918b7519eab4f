package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final Recurrent ELMAN = Recurrent.of(new Elman(), Sizes.of("x", 3).and("h", 4));
  private static final Recurrent LEAKY = Recurrent.of(new Leaky(), Sizes.of("x", 4).and("c", 5));

  @Test
  void stepsEqualTheWholeSequence() {
    SplittableRandom random = new SplittableRandom(1);
    try (Sequential network =
            Sequential.of(ELMAN.stacked(2), LEAKY, Linear.of(5, 2)).initialise(1);
        Session whole = network.session();
        Session stepping = network.session()) {
      Tensor x = NetworkTest.random(random, 6, 2, 3);
      Tensor s = NetworkTest.random(random, 6, 2, 1);
      Tensor y = whole.run(Batch.of(x).input("s", s));
      for (int round = 0; round < 2; round++) {
        float[] out = new float[4];
        for (int t = 0; t < 6; t++) {
          stepping.step(row(x, t), Map.of("s", row(s, t)), out);
          assertThat(out).as("round %d, step %d", round, t).containsExactly(row(y, t));
        }
        stepping
            .finalStates()
            .forEach(
                (name, state) ->
                    assertThat(state.toArray())
                        .as("state %s", name)
                        .containsExactly(
                            java.util.Objects.requireNonNull(whole.finalStates().get(name))
                                .toArray()));
        stepping.reset();
      }
    }
  }

  /// Everything of step t.
  private static float[] row(Tensor tensor, int t) {
    int width = tensor.size(1) * tensor.size(2);
    return java.util.Arrays.copyOfRange(tensor.toArray(), t * width, (t + 1) * width);
  }

  @Test
  void aBatchGoesOnWhereTheLastEnded() {
    SplittableRandom random = new SplittableRandom(2);
    try (Sequential network = Sequential.of(ELMAN.stacked(2)).initialise(1);
        Session session = network.session();
        Training training = network.training()) {
      Tensor x = NetworkTest.random(random, 6, 2, 3);
      float[] whole = session.run(x).toArray();
      float[] tail = java.util.Arrays.copyOfRange(whole, 4 * 8, 48);
      Tensor head = Tensor.of(java.util.Arrays.copyOf(x.toArray(), 4 * 6), 4, 2, 3);
      Tensor rest = Tensor.of(java.util.Arrays.copyOfRange(x.toArray(), 4 * 6, 36), 2, 2, 3);
      session.run(head);
      Map<Name, Tensor> middle = session.finalStates();
      assertThat(session.run(Batch.of(rest).continuing()).toArray()).containsExactly(tail);
      assertThat(session.run(Batch.of(rest).initial(middle)).toArray()).containsExactly(tail);
      assertThat(session.run(rest).toArray()).isNotEqualTo(tail);
      training.forward(head);
      assertThat(training.forward(Batch.of(rest).continuing()).toArray()).containsExactly(tail);
    }
  }

  @Test
  void cellsAreToldTheNumberOfTheirFirstStep() {
    List<Integer> firstSteps = new ArrayList<>();
    Recurrent cell =
        Recurrent.of(
            new Intercepted(new Elman(), frame -> firstSteps.add(frame.firstStep())),
            Sizes.of("x", 3).and("h", 4));
    try (Sequential network = Sequential.of(cell);
        Session session = network.session()) {
      session.run(Tensor.zeros(5, 1, 3));
      session.run(Batch.of(Tensor.zeros(2, 1, 3)).continuing());
      session.step(new float[3], new float[4]);
      session.step(new float[3], new float[4]);
      session.reset();
      session.step(new float[3], new float[4]);
      session.run(Tensor.zeros(5, 1, 3));
      assertThat(firstSteps).containsExactly(0, 5, 7, 8, 0, 0);
    }
  }

  @Test
  void tensorsMayLieOffTheHeap() {
    SplittableRandom random = new SplittableRandom(3);
    try (Sequential network = Sequential.of(ELMAN).initialise(1);
        Session session = network.session();
        Arena arena = Arena.ofConfined()) {
      Tensor x = NetworkTest.random(random, 2, 2, 3);
      // Not even aligned.
      MemorySegment off = arena.allocate(1 + 12 * 4 + 16 * 4).asSlice(1, 12 * 4);
      MemorySegment out = arena.allocate(16 * 4);
      off.copyFrom(x.data());
      session.run(Batch.of(Tensor.of(off, 2, 2, 3)), Tensor.of(out, 2, 2, 4));
      assertThat(Tensor.of(out, 2, 2, 4).toArray()).containsExactly(session.run(x).toArray());
    }
  }

  @Test
  void statesOfEveryStep() {
    SplittableRandom random = new SplittableRandom(4);
    try (Sequential network = Sequential.of(ELMAN.bidirectional()).initialise(1);
        Training training = network.training()) {
      Tensor y = training.forward(Batch.of(NetworkTest.random(random, 3, 2, 3)).lengths(2, 3));
      Tensor h = training.states(Name.reverse(0, "h"));
      for (int t = 0; t < 3; t++) {
        for (int b = 0; b < 2; b++) {
          for (int i = 0; i < 4; i++) {
            assertThat(h.get(t, b, i)).isEqualTo(y.get(t, b, 4 + i));
          }
        }
      }
    }
  }

  @Test
  void aStepAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Sequential network = Sequential.of(ELMAN.stacked(2), LEAKY).initialise(1);
        Session session = network.session()) {
      float[] x = {1, 2, 3, 4, 5, 6};
      float[] y = new float[10];
      Map<String, float[]> inputs = Map.of("s", new float[] {0.5f, 0.1f});
      for (int i = 0; i < 20_000; i++) {
        session.step(x, inputs, y);
      }
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
      long empty = threads.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before;
      before = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
      for (int i = 0; i < 5_000; i++) {
        session.step(x, inputs, y);
      }
      long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before;
      // Less than a byte a step: what measuring itself takes.
      assertThat(allocated - empty).isLessThan(5_000);
    }
  }

  @Test
  void weightsOfAnotherUpdateAreSeenAtOnce() {
    try (Sequential network = Sequential.of(ELMAN).initialise(1);
        Session session = network.session()) {
      Tensor x = Tensor.of(new float[] {1, 2, 3}, 1, 1, 3);
      float[] before = session.run(x).toArray();
      network.weights().set(Name.of(0, "b"), 1, 1, 1, 1);
      assertThat(session.run(x).toArray()).isNotEqualTo(before);
      network.initialise(1);
      assertThat(session.run(x).toArray()).containsExactly(before);
    }
  }

  @Test
  void reverseNetworksDoNotStep() {
    try (Sequential network = Sequential.of(ELMAN.bidirectional()).initialise(1);
        Session session = network.session()) {
      assertThatThrownBy(() -> session.step(new float[3], new float[8]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "layer 0 (elman, reverse) starts at a sequence's end and can't go on step by step: run whole sequences");
    }
  }
}
