package dev.sluice.compiler.ast;

import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.List;

/// The problems of one file as they are found, each once, at most [Limits#problems] of them.
final class Problems {
  private final List<Problem> found = new ArrayList<>();
  private final int most;

  Problems(Limits limits) {
    this.most = limits.problems();
  }

  void error(String title, Span span, String detail, String help) {
    if (isFull()
        || found.stream().anyMatch(p -> p.span().equals(span) && p.title().equals(title))) {
      return;
    }
    found.add(Problem.error(title, span, detail, help));
    if (found.size() == most) {
      found.add(
          Problem.error(
              "too many errors",
              span,
              "The first %d are shown.".formatted(most),
              "Mend them first."));
    }
  }

  boolean isFull() {
    return found.size() > most;
  }

  int size() {
    return found.size();
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Problem> list() {
    return List.copyOf(found);
  }
}
