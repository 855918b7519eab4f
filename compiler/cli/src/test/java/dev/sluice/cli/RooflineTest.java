package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cli.BenchCommand.Mode;
import dev.sluice.cli.ceilings.Ceilings;
import dev.sluice.compiler.SluiceCompiler;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a cell's products amount to, and the least time for them on a machine with round numbers.
class RooflineTest {
  private static final String RNN = "h_t = tanh(V x_t + W h_{t-1} + b)";
  private static final int M = 100;
  private static final int N = 200;

  /// 100 GFLOP/s; 100 GB/s for up to 32 kB, 50 GB/s for up to 1 MB, 10 GB/s beyond.
  private static final Ceilings MACHINE = machine(1);

  private static Ceilings machine(int threads) {
    return new Ceilings(
        threads,
        100 * threads,
        List.of(
            new Ceilings.Load("L1", 32_000, 16_000, 100 * threads),
            new Ceilings.Load("L2", 1_000_000, 500_000, 50 * threads),
            new Ceilings.Load("DRAM", Long.MAX_VALUE, 64_000_000, 10 * threads)));
  }

  private static Products.Numbers products(String equations) {
    return Products.of(SluiceCompiler.compile(equations)).numbers(Map.of("n", N, "m", M));
  }

  @Test
  void productsThatWaitForTheStepBeforeAreRecurrent() {
    Products.Numbers rnn = products(RNN);
    assertThat(rnn.recurrent()).isEqualTo(2 * N * N);
    assertThat(rnn.recurrentBackward()).isEqualTo(2 * N * N);
    assertThat(rnn.free()).isEqualTo(2 * N * M);
    // ∂L/∂x, and the gradients of V and W
    assertThat(rnn.freeBackward()).isEqualTo(2 * N * M + 2 * N * M + 2 * N * N);
    assertThat(rnn.recurrentBytes()).isEqualTo(4 * N * N);
  }

  @Test
  void aCellWhoseGatesReadTheInputAloneHasNoRecurrentProducts() {
    Products.Numbers minimal =
        products("z_t = σ(W x_t)\ng_t = U x_t\nh_t = (1 - z_t) ∘ h_{t-1} + z_t ∘ g_t");
    assertThat(minimal.recurrent()).isZero();
    assertThat(minimal.recurrentBytes()).isZero();
    assertThat(minimal.free()).isEqualTo(4 * N * M);
    Roofline roofline = Roofline.of(minimal, Mode.TRAIN, 1, 10, MACHINE);
    assertThat(roofline.bytes()).isZero();
    assertThat(roofline.seconds()).isEqualTo(minimal.operations(Mode.TRAIN) * 10 / 100e9);
  }

  @Test
  void productsOfAnEarlierInputAreFree() {
    assertThat(products("h_t = tanh(V x_t + U x_{t-1} + W h_{t-1})").recurrent())
        .isEqualTo(2 * N * N);
  }

  @Test
  void oneSequenceWaitsForTheWeights() {
    Roofline roofline = Roofline.of(products(RNN), Mode.INFER, 1, 50, MACHINE);
    assertThat(roofline.level().level()).isEqualTo("L2");
    assertThat(roofline.bytes()).isEqualTo(50.0 * 160_000);
    assertThat(roofline.seconds()).isCloseTo(50 * (40_000 / 100e9 + 160_000 / 50e9), within(1e-15));
  }

  @Test
  void manySequencesWaitForTheMultiplyAdds() {
    for (Mode mode : Mode.values()) {
      Roofline roofline = Roofline.of(products(RNN), mode, 64, 50, MACHINE);
      assertThat(roofline.seconds()).isCloseTo(roofline.operations() / 100e9, within(1e-15));
    }
  }

  @Test
  void trainingWalksTwice() {
    Roofline infer = Roofline.of(products(RNN), Mode.INFER, 1, 50, MACHINE);
    Roofline train = Roofline.of(products(RNN), Mode.TRAIN, 1, 50, MACHINE);
    assertThat(train.bytes()).isEqualTo(2 * infer.bytes());
    assertThat(train.seconds())
        .isCloseTo(2 * infer.seconds() + 50 * (40_000 + 80_000) / 100e9, within(1e-15));
  }

  @Test
  void eachThreadOfABatchReadsTheWeights() {
    Roofline one = Roofline.of(products(RNN), Mode.INFER, 2, 50, MACHINE);
    Roofline two = Roofline.of(products(RNN), Mode.INFER, 2, 50, machine(2));
    assertThat(two.bytes()).isEqualTo(2 * one.bytes());
    assertThat(two.level().level()).isEqualTo("L2");
  }

  @Test
  void theReportSetsEachFigureBesideItsLimit() {
    BenchSetting setting =
        new BenchSetting("rnn.cell", Mode.INFER, Map.of("x", M, "h", N), 1, 50, 1);
    Roofline roofline = Roofline.of(products(RNN), Mode.INFER, 1, 50, MACHINE);
    RooflineReport report = new RooflineReport(setting, 0.36, roofline, MACHINE);
    assertThat(report.text())
        .startsWith("rnn.cell infer, h=200 x=100, batch 1, 50 steps, 1 thread\n")
        .containsPattern("products +16\\.7 GFLOP/s +100\\.0 GFLOP/s +17 %")
        .containsPattern("recurrent weights +22\\.2 GB/s +50\\.0 GB/s, L2 +44 %")
        .containsPattern("time of a pass +0\\.360 ms +0\\.180 ms +50 %")
        .contains("multiply-adds 100.0 GFLOP/s; loads L1 100.0 GB/s (15 KiB), L2 50.0 GB/s");
    assertThat(report.json())
        .containsEntry("ms", 0.36)
        .containsEntry("gflops_limit", 100.0)
        .containsEntry("recurrent_level", "L2")
        .containsKeys("roofline_ms", "reached", "gflops", "recurrent_gb_per_s", "loads");
  }
}
