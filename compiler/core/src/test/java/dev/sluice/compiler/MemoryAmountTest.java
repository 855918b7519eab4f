package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryAmountTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "500000, 500000",
    "500k, 512000",
    "64m, 67108864",
    " 2G, 2147483648",
    "999999999999999g, 9223372036854775807"
  })
  void amountsAsTheyAreWritten(String text, long bytes) {
    assertThat(MemoryAmount.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "m", "-1m", "1.5g", "64 mb", "1t", "9999999999999999"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> MemoryAmount.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is no amount of memory")
        .hasMessageContaining("64m");
  }

  @Test
  void theLargestAmountIsItself() {
    assertThat(MemoryAmount.parse("999999999999999")).isEqualTo(999_999_999_999_999L);
  }
}
