package dev.sluice.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.samples.recorded.Comparison;
import dev.sluice.samples.recorded.Compilation;
import dev.sluice.samples.recorded.GeneratedRun;
import dev.sluice.samples.recorded.InterpretedRun;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Recording;
import dev.sluice.samples.recorded.Tolerance;
import dev.sluice.samples.recorded.ZooCase;
import dev.sluice.samples.zoo.Zoo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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

  private static final Set<String> AS_PRINTED =
      Set.of(
          "antisymmetric_rnn_2019",
          "atr_zhang2018",
          "cfn_laurent2017",
          "gru_reset_before_cho2014",
          "indrnn_relu_2018",
          "lstm_cifg",
          "mut1_jozefowicz2015",
          "mut3_jozefowicz2015",
          "qrnn_fpool_k1",
          "sru_lei2018",
          "sru_lei2018_scaled",
          "star_2021");

  private final Compilation cells = new Compilation();

  @TestFactory
  Stream<DynamicTest> zoo() throws IOException {
    return tests(Zoo.recorded());
  }

  /// The LaTeX of a paper is the program where the case has its names and there are no remarks in
  /// words between the equations.
  @TestFactory
  Stream<DynamicTest> zooAsPrinted() throws IOException {
    return Zoo.recorded().stream()
        .filter(run -> AS_PRINTED.contains(run.name()))
        .map(
            run ->
                DynamicTest.dynamicTest(
                    run.name(),
                    () -> check(run, List.of(ZooCase.recording(run, PaperEquations.cell(run))))));
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

  /// What the others leave out, of the same software.
  @TestFactory
  Stream<DynamicTest> own() throws IOException {
    return tests(recorded("own"));
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
          Adapter.of(run)
              .recordings(new RecordedCase(run.name(), run.json(), tensors, run.equations()))
              .getFirst();

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
        .map(
            run ->
                DynamicTest.dynamicTest(
                    run.name(), () -> check(run, Adapter.of(run).recordings(run))));
  }

  private void check(RecordedCase run, List<Recording> recordings) {
    List<String> wrong = new ArrayList<>();
    for (Recording recording : recordings) {
      if (!TorchCase.isDouble(run) || !InterpretedRun.fits(recording)) {
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
