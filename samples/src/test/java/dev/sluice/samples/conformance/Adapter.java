package dev.sluice.samples.conformance;

import dev.sluice.samples.recorded.Numbers;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Recording;
import dev.sluice.samples.recorded.ZooCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says what a recorded case is in this project's terms: which equations with which of the recorded
/// weights. One for each way of recording, told by what `case.json` has.
interface Adapter {
  /// What the case is to be compared with, at least once.
  List<Recording> recordings(RecordedCase run);

  static Adapter of(RecordedCase run) {
    var json = run.json();
    if (ZooCase.fits(run)) {
      return Adapter::zoo;
    }
    if (json.containsKey("num_layers")) {
      return TorchCase::recordings;
    }
    if (json.containsKey("rnn_options")) {
      return FlaxCase::recordings;
    }
    if (json.containsKey("config")) {
      return KerasCase::recordings;
    }
    if (json.containsKey("graph")) {
      return OnnxGraphCase::recordings;
    }
    if ("Scan".equals(json.get("op"))) {
      return OnnxScanCase::recordings;
    }
    if (json.containsKey("attributes")) {
      return OnnxCase::recordings;
    }
    if (json.containsKey("cell")) {
      return TensorFlowCase::recordings;
    }
    throw new IllegalArgumentException(run + ": no way of recording that is known here");
  }

  /// The cell that is called as the case; where there is none, the paper's equations as they are.
  private static List<Recording> zoo(RecordedCase run) {
    Path cell = Path.of("cells", run.name() + ".cell");
    try {
      String equations = Files.exists(cell) ? Files.readString(cell) : PaperEquations.cell(run);
      return List.of(ZooCase.recording(run, equations));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A tensor that may not be there.
  static @Nullable Numbers find(RecordedCase run, String name) {
    return run.find(name).orElse(null);
  }
}
