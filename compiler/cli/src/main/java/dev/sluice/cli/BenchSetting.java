package dev.sluice.cli;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What is timed.
///
/// @param cell file, as the user gave it
/// @param sizes of its vectors, as the user gave them
record BenchSetting(
    String cell,
    BenchCommand.Mode mode,
    Map<String, Integer> sizes,
    int batch,
    int steps,
    int threads) {

  /// `lstm.cell infer, h=128 x=64, batch 1, 100 steps, 1 thread`.
  @Override
  public String toString() {
    String word = mode.name().toLowerCase(Locale.ROOT);
    String many = threads == 1 ? "1 thread" : threads + " threads";
    return "%s %s, %s, batch %d, %d steps, %s".formatted(cell, word, lengths(), batch, steps, many);
  }

  /// `h=128 x=64`.
  String lengths() {
    return new TreeMap<>(sizes)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(" "));
  }
}
