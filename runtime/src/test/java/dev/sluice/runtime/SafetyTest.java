package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.spi.CellProgram;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Misuse gives an exception that says what is wrong, never a crash.
class SafetyTest {
  private static final Sizes SIZES = Sizes.of("x", 3).and("h", 4);
  private static final Recurrent ELMAN = Recurrent.of(new Elman(), SIZES);
  private static final Recurrent LEAKY = Recurrent.of(new Leaky(), Sizes.of("x", 4).and("c", 5));

  private static void refused(ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static void impossible(ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(message);
  }

  @Test
  void shapesAndNames() {
    try (Sequential network = Sequential.of(ELMAN, LEAKY).initialise(1);
        Session session = network.session();
        Training training = network.training()) {
      Batch good = Batch.of(Tensor.zeros(2, 3, 3)).input("s", Tensor.zeros(2, 3, 1));
      refused(
          () -> session.run(Tensor.zeros(2, 3, 4)),
          "x: expected the shape [T, B, 3], found [2, 3, 4]");
      refused(
          () -> session.run(Tensor.zeros(2, 3)), "x: expected the shape [T, B, 3], found [2, 3]");
      refused(
          () -> session.run(Tensor.zeros(2, 3, 3)),
          "input s: expected the shape [2, 3, 1], found none");
      refused(
          () -> session.run(good.input("s", Tensor.zeros(1, 3, 1))),
          "input s: expected the shape [2, 3, 1], found [1, 3, 1]");
      refused(
          () -> session.run(good.input("z", Tensor.zeros(2, 3, 1))),
          "input z: no cell of the network reads it beside x; they read [s]");
      refused(() -> session.run(good.lengths(1, 2)), "2 lengths for a batch of 3 sequences");
      refused(() -> session.run(good.lengths(1, 2, 3)), "length 3 of sequence 2: expected 0 to 2");
      refused(
          () -> session.run(good.lengths(1, 2, -1)), "length -1 of sequence 2: expected 0 to 2");
      refused(() -> session.run(good.lengths(0, 0, 0)), "all 3 sequences have length 0");
      refused(
          () -> session.run(Batch.of(Tensor.zeros(0, 3, 3)).input("s", Tensor.zeros(0, 3, 1))),
          "0 steps of 3 sequences");
      refused(
          () -> session.run(good.initial(Name.of(0, "c"), Tensor.zeros(3, 4))),
          "initial state 0.c: there is no such state; the network has [0.h, 1.c, 1.e]");
      refused(
          () -> session.run(good.initial(Name.of(0, "h"), Tensor.zeros(3, 5))),
          "initial state 0.h: expected the shape [3, 4], found [3, 5]");
      refused(
          () -> session.run(good, Tensor.zeros(2, 3, 4)),
          "output: expected the shape [2, 3, 5], found [2, 3, 4]");
      refused(
          () -> session.step(new float[4], Map.of("s", new float[1]), new float[5]),
          "x of a step: expected 3 floats for each sequence, found 4");
      refused(
          () -> session.step(new float[3], new float[5]),
          "input s of a step: expected 1 floats for each of 1 sequences, found none");
      refused(
          () -> session.step(new float[3], Map.of("s", new float[1]), new float[4]),
          "output of a step: expected 5 floats");
      session.step(new float[3], Map.of("s", new float[1]), new float[5]);
      refused(
          () -> session.step(new float[6], Map.of("s", new float[2]), new float[10]),
          "2 sequences go on after 1: expected as many, or reset() before");
      training.forward(good);
      refused(
          () -> training.backward(Tensor.zeros(2, 3, 4)),
          "output gradient: expected the output's shape [2, 3, 5], found [2, 3, 4]");
      refused(
          () ->
              training.backward(Tensor.zeros(2, 3, 5), Map.of(Name.of(1, "h"), Tensor.zeros(3, 5))),
          "gradient of the final state 1.h: there is no such state");
      refused(
          () -> network.weights().get(Name.of(0, "Q")),
          "no parameter 0.Q; there are [0.V, 0.U, 0.b, 1.A, 1.u, 1.k]");
      refused(
          () -> network.weights().set(Name.of(0, "V"), Tensor.zeros(3, 4)),
          "parameter 0.V: expected the shape [4, 3], found [3, 4]");
      refused(
          () -> network.weights().set(Name.of(0, "V"), 1, 2),
          "parameter 0.V: 2 floats for the shape [4, 3]");
      refused(() -> Tensor.of(new float[3], 2, 2), "12 bytes of data for the shape [2, 2]");
      refused(() -> Tensor.zeros(1 << 20, 1 << 20), "too many for one array");
      refused(() -> Tensor.zeros(-1), "sizes are not negative");
      // Nothing of this has harmed the session.
      assertThat(session.run(good).shape()).containsExactly(2, 3, 5);
    }
  }

  @Test
  void layersThatDoNotFit() {
    refused(() -> Sequential.of(), "a network needs a layer");
    refused(
        () -> Sequential.of(ELMAN, ELMAN),
        "layer 1 (elman) reads 3 floats a step, but the layer below gives 4");
    refused(() -> ELMAN.stacked(0), "a stack of 0 layers of elman");
    refused(() -> Recurrent.of(new Elman(), Sizes.of("x", 3)), "no size for n");
    refused(() -> Sizes.of("x", -3), "size x=-3: a length lies between 1 and");
    refused(() -> Linear.of(0, 3), "size x=0");
    refused(
        () -> Sequential.of(ELMAN.lastStep(), LEAKY),
        "stands above a layer that gives its last step only");
  }

  @Test
  void cellsOfAnotherRuntimeVersion() {
    CellProgram old =
        new Intercepted(new Elman(), frame -> {}) {
          @Override
          public int version() {
            return RUNTIME_VERSION + 1;
          }
        };
    refused(
        () -> Recurrent.of(old, SIZES),
        "cell elman was generated for version %d of the runtime, this is version %d"
            .formatted(CellProgram.RUNTIME_VERSION + 1, CellProgram.RUNTIME_VERSION));
  }

  @Test
  void useAfterClose() {
    Tensor x = Tensor.zeros(1, 1, 3);
    Sequential network = Sequential.of(ELMAN).initialise(1);
    Session closed = network.session();
    closed.close();
    closed.close();
    impossible(() -> closed.run(x), "session: used after close");
    impossible(closed::reset, "session: used after close");
    impossible(() -> closed.step(new float[3], new float[4]), "session: used after close");
    Session open = network.session();
    Training training = network.training();
    Training gone = network.training();
    gone.close();
    impossible(() -> gone.forward(x), "training session: used after close");
    impossible(() -> gone.gradients().zero(), "used after close");
    network.close();
    network.close();
    impossible(() -> open.run(x), "the network of [layer 0 (elman)]: used after close");
    impossible(() -> training.forward(x), "used after close");
    impossible(() -> network.weights().get(Name.of(0, "V")), "used after close");
    impossible(() -> network.initialise(2), "used after close");
    impossible(network::session, "used after close");
    open.close();
    training.close();
  }

  @Test
  void backwardNeedsItsForward() {
    try (Sequential network = Sequential.of(ELMAN).initialise(1);
        Training training = network.training()) {
      Tensor y = Tensor.zeros(1, 1, 4);
      impossible(() -> training.backward(y), "backward without a forward pass before it");
      impossible(training::inputGradient, "run backward after forward");
      impossible(() -> training.states(Name.of(0, "h")), "run forward first");
      training.forward(Tensor.zeros(1, 1, 3));
      network.weights().set(Name.of(0, "b"), 1, 2, 3, 4);
      impossible(() -> training.backward(y), "the weights have changed since the forward pass");
      training.forward(Tensor.zeros(1, 1, 3));
      training.backward(y);
      impossible(() -> training.backward(y), "each forward serves one backward");
    }
  }

  /// A cell that waits inside its pass.
  private static Recurrent waiting(CountDownLatch inside, CountDownLatch go) {
    return Recurrent.of(
        new Intercepted(
            new Elman(),
            frame -> {
              inside.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }),
        SIZES);
  }

  @Test
  void twoThreadsInOneSession() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newSingleThreadExecutor();
        Sequential network = Sequential.of(waiting(inside, go)).initialise(1);
        Session session = network.session()) {
      Future<Tensor> first = threads.submit(() -> session.run(Tensor.zeros(1, 1, 3)));
      inside.await();
      impossible(() -> session.run(Tensor.zeros(1, 1, 3)), "session is in use by Thread[");
      impossible(session::close, "session can't be closed, it is in use by Thread[");
      go.countDown();
      assertThat(first.get().shape()).containsExactly(1, 1, 4);
      assertThat(session.run(Tensor.zeros(1, 1, 3)).toArray())
          .containsExactly(first.get().toArray());
    }
  }

  @Test
  void aChangeOfTheWeightsAndCloseWaitForThePassThatRuns() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Sequential network = Sequential.of(waiting(inside, go)).initialise(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(2);
        Session session = network.session()) {
      Future<Tensor> pass = threads.submit(() -> session.run(Tensor.zeros(1, 1, 3)));
      inside.await();
      Future<?> close = threads.submit(network::close);
      Thread.sleep(20);
      assertThat(close.isDone()).isFalse();
      go.countDown();
      assertThat(pass.get().shape()).containsExactly(1, 1, 4);
      close.get();
      impossible(() -> session.run(Tensor.zeros(1, 1, 3)), "used after close");
    }
  }

  /// Whatever a change of the weights cuts through, each output is that of one set of weights.
  @Test
  void sessionsOfOneNetworkInSeveralThreads() throws Exception {
    Tensor x = NetworkTest.random(new SplittableRandom(1), 3, 2, 3);
    try (ExecutorService threads = Executors.newFixedThreadPool(3);
        Sequential network = Sequential.of(ELMAN.stacked(2).bidirectional()).initialise(1);
        Session single = network.session()) {
      float[] one = single.run(x).toArray();
      network.initialise(2);
      float[] two = single.run(x).toArray();
      List<Future<Integer>> results =
          java.util.stream.Stream.generate(
                  () ->
                      threads.submit(
                          () -> {
                            int runs = 0;
                            try (Session session = network.session()) {
                              for (; runs < 300; runs++) {
                                float[] y = session.run(x).toArray();
                                assertThat(
                                        java.util.Arrays.equals(y, one)
                                            || java.util.Arrays.equals(y, two))
                                    .isTrue();
                              }
                            }
                            return runs;
                          }))
              .limit(3)
              .toList();
      for (int i = 0; i < 40; i++) {
        network.initialise(1 + i % 2);
      }
      for (Future<Integer> result : results) {
        assertThat(result.get()).isEqualTo(300);
      }
    }
  }
}
