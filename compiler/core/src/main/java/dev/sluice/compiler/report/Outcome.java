package dev.sluice.compiler.report;

import java.util.List;
import java.util.Optional;

/// What a stage returns: its value if there is one, and all it has to tell.
///
/// @param value present whenever no problem is an error
public record Outcome<T>(Optional<T> value, List<Problem> problems) {
  public Outcome {
    problems = List.copyOf(problems);
    if (value.isEmpty() && problems.stream().noneMatch(Problem::isError)) {
      throw new IllegalArgumentException("neither a value nor an error");
    }
  }

  public static <T> Outcome<T> of(T value, List<Problem> problems) {
    return new Outcome<>(Optional.of(value), problems);
  }

  public static <T> Outcome<T> failed(List<Problem> problems) {
    return new Outcome<>(Optional.empty(), problems);
  }

  public boolean isOk() {
    return value.isPresent() && problems.stream().noneMatch(Problem::isError);
  }
}
