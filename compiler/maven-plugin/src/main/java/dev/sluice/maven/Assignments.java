package dev.sluice.maven;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// `x=65, h=256`, as it stands in a project's configuration.
final class Assignments {
  private Assignments() {}

  static Map<String, Integer> lengths(String text) {
    return parse(text, Integer::valueOf, "a whole number");
  }

  static Map<String, Double> numbers(String text) {
    return parse(text, Double::valueOf, "a number");
  }

  private static <T> Map<String, T> parse(
      String text, Function<String, T> number, String expected) {
    Map<String, T> values = new LinkedHashMap<>();
    for (String part : text.strip().split("\\s*,\\s*")) {
      if (part.isEmpty()) {
        continue;
      }
      String[] sides = part.split("\\s*=\\s*", -1);
      try {
        if (sides.length != 2 || sides[0].isEmpty()) {
          throw new NumberFormatException();
        }
        values.put(sides[0], number.apply(sides[1]));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "'%s': expected NAME=VALUE, where the value is %s".formatted(part, expected), e);
      }
    }
    return values;
  }
}
