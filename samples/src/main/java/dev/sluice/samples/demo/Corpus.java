package dev.sluice.samples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// A text as numbers of its characters, its last tenth held out.
///
/// @param alphabet the distinct characters, sorted; a character's number is its place
/// @param training the first nine tenths
/// @param heldOut the rest, which nothing is fitted to
record Corpus(String alphabet, int[] training, int[] heldOut) {

  /// Shakespeare, 1.1 million characters.
  static Corpus shakespeare() throws IOException {
    try (InputStream in = Corpus.class.getResourceAsStream("tinyshakespeare.txt")) {
      return of(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  static Corpus of(String text) {
    String alphabet =
        text.chars()
            .distinct()
            .sorted()
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    int[] symbols = text.chars().map(alphabet::indexOf).toArray();
    int cut = symbols.length / 10 * 9;
    return new Corpus(
        alphabet, Arrays.copyOf(symbols, cut), Arrays.copyOfRange(symbols, cut, symbols.length));
  }

  int symbols() {
    return alphabet.length();
  }

  /// `count` equally long stretches of a text, next to each other.
  static int[][] streams(int[] text, int count) {
    int length = text.length / count;
    int[][] streams = new int[count][];
    for (int s = 0; s < count; s++) {
      streams[s] = Arrays.copyOfRange(text, s * length, (s + 1) * length);
    }
    return streams;
  }
}
