package dev.sluice.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// PyTorch's recorded results: values and gradients of generated code in float, and of the
/// interpreter in double.
final class TorchConformanceTest {
  private static final String FOLDER = "sluice.conformance";

  @TestFactory
  Stream<DynamicTest> recordedCases() throws IOException, URISyntaxException {
    return tests(recorded());
  }

  /// All cases of a folder: `-Dsluice.conformance=FOLDER`.
  @TestFactory
  @EnabledIfSystemProperty(named = FOLDER, matches = ".+")
  Stream<DynamicTest> casesOfTheGivenFolder() throws IOException {
    return tests(Path.of(System.getProperty(FOLDER)));
  }

  @Test
  void theRecordedCasesCoverEveryKind() throws IOException, URISyntaxException {
    List<TorchCase> cases = new ArrayList<>();
    for (Path folder : TorchCase.in(recorded())) {
      cases.add(TorchCase.read(folder));
    }
    assertThat(cases).extracting(TorchCase::cell).contains("rnn_tanh", "rnn_relu", "lstm", "gru");
    assertThat(cases).extracting(TorchCase::layers).contains(1, 2, 3);
    assertThat(cases).extracting(TorchCase::directions).contains(1, 2);
    assertThat(cases).anyMatch(run -> run.lengths().length > 0);
    assertThat(cases).anyMatch(TorchCase::isDouble);
    assertThat(cases).anyMatch(TorchCase::isSaturated);
    assertThat(cases).anyMatch(TorchCase::isLong);
    assertThat(cases).anyMatch(run -> run.find("h0").isEmpty());
  }

  private static Path recorded() throws URISyntaxException {
    URL folder = TorchConformanceTest.class.getResource("/conformance/torch");
    return Path.of(Objects.requireNonNull(folder).toURI());
  }

  /// `proj_size` is PyTorch's projected LSTM, which none of the cells is.
  private static Stream<DynamicTest> tests(Path folder) throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path path : TorchCase.in(folder)) {
      TorchCase run = TorchCase.read(path);
      if (run.projection() > 0) {
        continue;
      }
      TorchCell cell = TorchCell.of(run.cell());
      if (!run.isDouble()) {
        tests.add(
            DynamicTest.dynamicTest(
                run + ": generated code",
                () -> new GeneratedCheck(run).check(Cells.program(cell.file()))));
      }
      if (InterpretedCheck.fits(run)) {
        tests.add(
            DynamicTest.dynamicTest(
                run + ": interpreter",
                () -> new InterpretedCheck(run).check(Cells.compiled(cell.file()))));
      }
    }
    assertThat(tests).as("cases in " + folder).isNotEmpty();
    return tests.stream();
  }
}
