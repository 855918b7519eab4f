package dev.sluice.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.samples.recorded.Comparison;
import dev.sluice.samples.recorded.Compilation;
import dev.sluice.samples.recorded.GeneratedRun;
import dev.sluice.samples.recorded.InterpretedRun;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Recording;
import dev.sluice.samples.recorded.Tolerance;
import dev.sluice.samples.zoo.Zoo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Results that other software computed, against generated code in float and the interpreter in
/// double: values, states and gradients. A case's failure names the tensor and the element.
final class ConformanceTest {
  private static final String FOLDER = "sluice.conformance";

  /// Convolution, which the language leaves for later.
  private static final String CONVOLUTION = "conv_lstm1d__correctness__01";

  private final Compilation cells = new Compilation();

  @TestFactory
  Stream<DynamicTest> zoo() throws IOException {
    return tests(Zoo.recorded());
  }

  @TestFactory
  Stream<DynamicTest> torch() throws IOException {
    return tests(recorded("torch"));
  }

  @TestFactory
  Stream<DynamicTest> onnx() throws IOException {
    return tests(recorded("onnx"));
  }

  @TestFactory
  Stream<DynamicTest> onnxRuntime() throws IOException {
    return tests(recorded("ort"));
  }

  @TestFactory
  Stream<DynamicTest> keras() throws IOException {
    return tests(recorded("keras"));
  }

  @TestFactory
  Stream<DynamicTest> kerasRandom() throws IOException {
    return tests(recorded("keras-rand"));
  }

  @TestFactory
  Stream<DynamicTest> tensorFlow() throws IOException {
    return tests(recorded("tf"));
  }

  @TestFactory
  Stream<DynamicTest> flax() throws IOException {
    return tests(recorded("flax"));
  }

  /// All cases of a folder, or of the folders in it that are called `…-npy`:
  /// `-Dsluice.conformance=FOLDER`.
  @TestFactory
  @EnabledIfSystemProperty(named = FOLDER, matches = ".+")
  Stream<DynamicTest> casesOfTheGivenFolder() throws IOException {
    Path folder = Path.of(System.getProperty(FOLDER));
    List<RecordedCase> cases = new ArrayList<>(RecordedCase.in(folder));
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path group : entries.filter(e -> e.toString().endsWith("-npy")).sorted().toList()) {
        cases.addAll(RecordedCase.in(group));
      }
    }
    return tests(cases);
  }

  /// A comparison that can't fail would prove nothing.
  @Test
  void aChangedNumberIsFound() throws IOException {
    RecordedCase run = Zoo.recorded().getFirst();
    for (String tensor : List.of("output", "states_h", "grad_x", "grad_initial_h", "grad_W_h")) {
      var tensors = new java.util.LinkedHashMap<>(run.tensors());
      var value = Objects.requireNonNull(tensors.get(tensor));
      double[] data = value.data().clone();
      data[data.length - 1] += 1e-4;
      tensors.put(tensor, new dev.sluice.samples.recorded.Numbers(value.shape(), data));
      Recording changed =
          Adapter.of(run).recordings(new RecordedCase(run.name(), run.json(), tensors)).getFirst();

      assertThat(wrong(GeneratedRun.of(changed, cells))).as(tensor).isNotEmpty();
      assertThat(wrong(InterpretedRun.of(changed, cells, Tolerance.ROUNDED)))
          .as(tensor)
          .isNotEmpty();
    }
  }

  private static List<RecordedCase> recorded(String group) throws IOException {
    String name = "/conformance/" + group + ".zip";
    try (InputStream zip = ConformanceTest.class.getResourceAsStream(name)) {
      return RecordedCase.inZip(Objects.requireNonNull(zip, name));
    }
  }

  private Stream<DynamicTest> tests(List<RecordedCase> cases) {
    assertThat(cases).isNotEmpty();
    return cases.stream()
        .filter(run -> !run.name().equals(CONVOLUTION))
        .map(run -> DynamicTest.dynamicTest(run.name(), () -> check(run)));
  }

  private void check(RecordedCase run) {
    List<String> wrong = new ArrayList<>();
    for (Recording recording : Adapter.of(run).recordings(run)) {
      if (!TorchCase.isDouble(run)) {
        wrong.addAll(wrong(GeneratedRun.of(recording, cells)));
      }
      if (InterpretedRun.fits(recording)) {
        wrong.addAll(wrong(InterpretedRun.of(recording, cells, precise(run, recording))));
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// Double precision meets a recording to its own rounding: that of double, that of float for what
  /// was computed in double and rounded, and the case's own where it was computed in float.
  private static Tolerance precise(RecordedCase run, Recording recording) {
    if (TorchCase.isDouble(run)) {
      return Tolerance.DOUBLE;
    }
    return recording.hasGradients() ? Tolerance.ROUNDED : recording.values();
  }

  private static List<String> wrong(List<Comparison> comparisons) {
    assertThat(comparisons).isNotEmpty();
    return comparisons.stream().filter(c -> !c.pass()).map(Comparison::toString).toList();
  }
}
