package dev.sluice.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.report.Source;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.samples.cells.Gru;
import dev.sluice.samples.cells.GruResetAfter;
import dev.sluice.samples.cells.Lstm;
import dev.sluice.samples.cells.LstmLayernorm;
import dev.sluice.samples.cells.RnnRelu;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Generated cells step without allocation once they are compiled, for one sequence and for
/// several.
class SteadyStateTest {
  private static final int STEPS = 2_000;
  private static final long PATIENCE = 60_000_000_000L;

  static Stream<Arguments> layers() {
    Sizes sizes = Sizes.of("x", 17).and("h", 33);
    return Stream.of(1, 5)
        .flatMap(
            batch ->
                Stream.of(
                        Lstm.create(sizes),
                        Gru.create(sizes),
                        GruResetAfter.create(sizes),
                        LstmLayernorm.create(sizes),
                        RnnRelu.create(sizes).stacked(2),
                        Recurrent.of(everyFunction(false), sizes),
                        Recurrent.of(everyFunction(true), sizes))
                    .map(layer -> Arguments.of(layer.program().name(), batch, layer)));
  }

  /// More operations than C2 inlines by itself in one method.
  private static CellProgram everyFunction(boolean precise) {
    String text =
        """
        a_t = σ(W_a h_{t-1} + U_a x_t)
        p_t = a_t^{1.3} + softplus(U_p x_t)
        q_t = log(p_t + 1) exp(-p_t) + abs(p_t)^{1.7}
        r_t = tanh(q_t)^3 + max(q_t, 0.1)^{p_t}
        h_t = tanh(r_t) a_t
        """;
    Options options = Options.named(precise ? "precise" : "every_function").withPrecise(precise);
    return SluiceCompiler.compile(Source.of(text), options).load();
  }

  @ParameterizedTest(name = "{0}, {1} sequences")
  @MethodSource("layers")
  void aStepAllocatesNothing(String name, int batch, Recurrent layer) {
    float[] x = new float[batch * 17];
    float[] y = new float[batch * 33];
    try (Sequential network = Sequential.of(layer).initialise(1);
        Session session = network.session()) {
      long start = System.nanoTime();
      long allocated = allocated(session, x, y);
      while (allocated > 0 && System.nanoTime() - start < PATIENCE) {
        allocated = allocated(session, x, y);
      }
      assertThat(allocated).as("bytes of %d steps", STEPS).isZero();
    }
  }

  private static long allocated(Session session, float[] x, float[] y) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int t = 0; t < STEPS; t++) {
      x[t % x.length] = t % 7 - 3;
      session.step(x, y);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
