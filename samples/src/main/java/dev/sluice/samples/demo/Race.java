package dev.sluice.samples.demo;

import dev.sluice.samples.bench.Contestant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Contestants timed in turn, so that whatever else the machine does meets all of them.
///
/// @param results the first one is what the others are compared with
/// @param difference the largest difference between the contestants' outputs and input gradients,
///     relative to the largest value
record Race(List<Result> results, double difference) {
  private static final int ROUNDS = 5;

  /// @param infer median milliseconds of the forward pass
  /// @param train median milliseconds of the forward and the whole backward pass
  record Result(String name, double infer, double train) {}

  record Entry(String name, Contestant contestant) {}

  /// @param seconds for each contestant and mode; the first half warms up
  static Race run(List<Entry> entries, double seconds) {
    List<Contestant> contestants = entries.stream().map(Entry::contestant).toList();
    double[] infer = medians(contestants, Contestant::infer, seconds);
    double[] train = medians(contestants, Contestant::train, seconds);
    double difference =
        Math.max(
            difference(contestants, Contestant::infer), difference(contestants, Race::gradient));
    return new Race(
        IntStream.range(0, entries.size())
            .mapToObj(i -> new Result(entries.get(i).name(), infer[i], train[i]))
            .toList(),
        difference);
  }

  private static double[] medians(
      List<Contestant> contestants, Consumer<Contestant> work, double seconds) {
    for (Contestant contestant : contestants) {
      repeat(work, contestant, seconds / 2, 1);
    }
    double[][] times = new double[contestants.size()][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < times.length; i++) {
        times[i][round] = repeat(work, contestants.get(i), seconds / 2 / ROUNDS, 3);
      }
    }
    return Arrays.stream(times).mapToDouble(Race::median).toArray();
  }

  /// Median milliseconds of one call.
  private static double repeat(
      Consumer<Contestant> work, Contestant contestant, double seconds, int least) {
    double[] times = new double[10_000];
    int count = 0;
    long start = System.nanoTime();
    while (count < times.length && (count < least || System.nanoTime() - start < seconds * 1e9)) {
      long before = System.nanoTime();
      work.accept(contestant);
      times[count++] = (System.nanoTime() - before) / 1e6;
    }
    return median(Arrays.copyOf(times, count));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static float[] gradient(Contestant contestant) {
    contestant.train();
    return contestant.inputGradient();
  }

  private static double difference(
      List<Contestant> contestants, Function<Contestant, float[]> work) {
    float[] first = work.apply(contestants.getFirst()).clone();
    double largest = 0;
    double difference = 0;
    for (Contestant contestant : contestants) {
      float[] other = work.apply(contestant);
      for (int i = 0; i < first.length; i++) {
        largest = Math.max(largest, Math.abs(first[i]));
        difference = Math.max(difference, Math.abs(first[i] - other[i]));
      }
    }
    return difference / largest;
  }

  /// Time of a contestant in inference, as a multiple of the first one's.
  double inferRatio(int contestant) {
    return results.get(contestant).infer / results.getFirst().infer;
  }

  /// The same in training.
  double trainRatio(int contestant) {
    return results.get(contestant).train / results.getFirst().train;
  }

  String table() {
    StringBuilder text =
        new StringBuilder("  %-28s %-21s   %s%n".formatted("", "    inference", "    training"));
    for (int i = 0; i < results.size(); i++) {
      Result result = results.get(i);
      text.append(
          "  %-28s %8.2f ms (%5.2f×)   %8.2f ms (%5.2f×)%n"
              .formatted(result.name, result.infer, inferRatio(i), result.train, trainRatio(i)));
    }
    return text.toString();
  }
}
