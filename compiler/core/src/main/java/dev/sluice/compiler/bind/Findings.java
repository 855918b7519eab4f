package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.report.Nearest;
import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Span;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Stream;

/// Collects the problems of one file, each once, in the order of the text.
final class Findings {
  /// More than this nobody reads.
  static final int MOST = 100;

  private final SequencedSet<Problem> errors = new LinkedHashSet<>();
  private final SequencedSet<Problem> notes = new LinkedHashSet<>();

  void error(String title, Ast at, String detail, String help) {
    add(Problem.error(title, at.span(), detail, help));
  }

  void error(String title, Ast at, String detail) {
    error(title, at, detail, "");
  }

  void note(String title, Ast at, String detail) {
    add(Problem.note(title, at.span(), detail));
  }

  void add(Problem problem) {
    if (problem.isError() ? errors.size() < MOST : notes.size() < MOST) {
      (problem.isError() ? errors : notes).add(problem);
    }
  }

  /// `Did you mean relu?`, or `otherwise`. Costs time, so a file full of errors goes without.
  String didYouMean(String name, Collection<String> candidates, String otherwise) {
    return errors.size() >= MOST
        ? otherwise
        : Nearest.to(name, candidates).map(n -> "Did you mean " + n + "?").orElse(otherwise);
  }

  boolean failed() {
    return !errors.isEmpty();
  }

  List<Problem> sorted() {
    return Stream.concat(errors.stream(), notes.stream())
        .sorted(
            Comparator.comparing(
                Problem::span, Comparator.comparingInt(Span::start).thenComparingInt(Span::end)))
        .toList();
  }
}
