package dev.sluice.compiler.same;

import dev.sluice.compiler.same.Point.Difference;
import dev.sluice.compiler.same.Point.Pairing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;

/// Compares two cells at random points, and finds a small one where they differ.
final class Trials {
  /// Far above what another order of roundings does in a few steps.
  private static final double LEAST = 1e-8;

  /// A witness should be seen with the bare eye.
  private static final double VISIBLE = 1e-2;

  private static final int LONGEST = 4;
  private static final int LARGEST = 3;
  private static final int DRAWS = 24;

  private Trials() {}

  /// Whether any of some random trials of various sizes and lengths finds a difference; empty if
  /// none gave numbers to compare.
  static Optional<Boolean> differ(Pairing pairing, int trials, long seed) {
    Random random = new Random(seed);
    boolean compared = false;
    for (int i = 0; i < trials; i++) {
      Map<String, Integer> lengths = new LinkedHashMap<>();
      int least = i % 4 == 3 ? 1 : 2;
      pairing.sides().lengths().forEach(l -> lengths.put(l, least + random.nextInt(3)));
      Point point = Point.random(pairing, lengths, 2 + random.nextInt(5), random::nextGaussian);
      if (point.difference(pairing, LEAST).isPresent()) {
        return Optional.of(true);
      }
      compared |= point.isFinite(pairing);
    }
    return compared ? Optional.of(false) : Optional.empty();
  }

  /// The smallest sizes, then the fewest steps, then small numbers, as many of them 0 as can be.
  static Optional<Witness> witness(Pairing pairing, long seed) {
    Random random = new Random(seed);
    DoubleSupplier whole = () -> random.nextInt(4) - 1;
    for (double least : new double[] {VISIBLE, LEAST}) {
      for (Map<String, Integer> lengths : sizes(pairing.sides().lengths())) {
        for (int steps = 1; steps <= LONGEST; steps++) {
          for (int i = 0; i < DRAWS; i++) {
            DoubleSupplier draw = i < DRAWS / 2 ? whole : random::nextGaussian;
            Point point = Point.random(pairing, lengths, steps, draw);
            if (point.difference(pairing, least).isPresent()) {
              return Optional.of(shrunk(point, pairing, least));
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  /// Every choice of lengths up to a limit, small sums first.
  private static List<Map<String, Integer>> sizes(List<String> lengths) {
    List<Map<String, Integer>> all = new ArrayList<>(List.of(Map.of()));
    for (String length : lengths) {
      List<Map<String, Integer>> more = new ArrayList<>();
      for (Map<String, Integer> sizes : all) {
        for (int size = 1; size <= LARGEST; size++) {
          Map<String, Integer> next = new LinkedHashMap<>(sizes);
          next.put(length, size);
          more.add(next);
        }
      }
      all = more;
    }
    all.sort(
        java.util.Comparator.comparingInt(
            s -> s.values().stream().mapToInt(Integer::intValue).sum()));
    return all;
  }

  /// Each number replaced by the simplest that leaves a difference.
  private static Witness shrunk(Point point, Pairing pairing, double least) {
    for (int round = 0; round < 2; round++) {
      for (double[] numbers : point.all()) {
        for (int i = 0; i < numbers.length; i++) {
          double before = numbers[i];
          for (double simple : new double[] {0, 1, -1, 2, 0.5}) {
            numbers[i] = simple;
            if (simple == before || point.difference(pairing, least).isPresent()) {
              break;
            }
            numbers[i] = before;
          }
        }
      }
    }
    Difference difference = point.difference(pairing, least).orElseThrow();
    Sides sides = pairing.sides();
    return new Witness(
        new Witness.Side(
            sides.sizesOfA(point.lengths()),
            point.parametersOfA(sides),
            point.inputs(),
            difference.first()),
        new Witness.Side(
            sides.sizesOfB(point.lengths()),
            point.parametersOfB(pairing),
            point.inputsOfB(sides),
            difference.second()),
        difference.step(),
        pairing.conversion().lines());
  }
}
