package dev.sluice.compiler.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final Set<String> KNOWN =
      Set.of("tanh", "sigmoid", "relu", "softplus", "W_f", "W_forget", "h", "x", "input", "output");

  @ParameterizedTest
  @CsvSource({
    "tahn, tanh",
    "sigmiod, sigmoid",
    "rellu, relu",
    "w_f, W_f",
    "H, h",
    "W_forgt, W_forget",
    "inptu, input",
    "outupt, output",
    "q, ''",
    "banana, ''",
    "tanh, ''"
  })
  void findsTheNameThatWasMeant(String written, String meant) {
    assertThat(Nearest.to(written, KNOWN).orElse("")).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({"100000"})
  void ignoresMonstrousNames(int length) {
    assertThat(Nearest.to("a".repeat(length), Set.of("a".repeat(length - 1)))).isEmpty();
  }
}
