package dev.sluice.maven;

import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a run has to tell, each `file:[line,column] message`, which IDEs know from javac.
final class Messages {
  private final List<String> errors = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  void error(Path file, String message) {
    errors.add(at(file, 1, 1) + message);
  }

  void add(Path file, Source source, Problem problem) {
    int start = problem.span().start();
    String more =
        (source.lineText(start).strip() + "\n" + problem.detail() + "\n" + problem.help());
    String text =
        at(file, source.line(start), source.column(start))
            + problem.title()
            + "\n"
            + more.strip().indent(2).stripTrailing();
    (problem.isError() ? errors : notes).add(text);
  }

  private static String at(Path file, int line, int column) {
    return "%s:[%d,%d] ".formatted(file.toAbsolutePath().normalize(), line, column);
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }
}
