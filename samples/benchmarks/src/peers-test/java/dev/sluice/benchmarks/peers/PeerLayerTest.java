package dev.sluice.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.benchmarks.Work;
import dev.sluice.samples.bench.Handwritten;
import dev.sluice.samples.bench.Workload;
import dev.sluice.samples.bench.Workload.CellKind;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Other frameworks compute what the benchmarks ask of everybody.
class PeerLayerTest {
  @ParameterizedTest
  @CsvSource({"onnxruntime, lstm", "onnxruntime, gru", "torch, lstm", "torch, gru"})
  void inferAsTheHandwrittenLayer(String peer, String cell) {
    Workload work = work(cell);
    try (PeerLayer layer = PeerLayer.of(peer, work)) {
      layer.infer();
      assertThat(layer.output()).containsExactly(Handwritten.plain(work).infer(), within(2e-6f));
    }
  }

  @ParameterizedTest
  @CsvSource({"torch, lstm", "torch, gru"})
  void trainAsTheHandwrittenLayer(String peer, String cell) {
    Workload work = work(cell);
    Handwritten plain = Handwritten.plain(work);
    plain.train();
    try (PeerLayer layer = PeerLayer.of(peer, work)) {
      layer.train();
      layer.train(); // gradients of the pass before are gone
      assertThat(layer.inputGradient()).containsExactly(plain.inputGradient(), within(2e-5f));
    }
  }

  /// A GRU whose reset gate is the same for all units, so that it doesn't matter whether it comes
  /// before the product or after it.
  private static Workload work(String cell) {
    Workload work = Work.of(cell, "3x5x7x6");
    if (work.cell() == CellKind.GRU) {
      int units = work.extent().hidden();
      Arrays.fill(work.weights().input(), 0, units * work.extent().inputs(), 0f);
      Arrays.fill(work.weights().recurrent(), 0, units * units, 0f);
      Arrays.fill(work.weights().bias(), 0, units, 0.3f);
    }
    return work;
  }
}
