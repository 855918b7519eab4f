package dev.sluice.compiler.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Problems as the author of the cell reads them:
///
/// ```
/// error: shapes do not agree
///   gru.cell:4:26
///    4 │ g_t = tanh(V_g x_t + W_g (r_t ∘ x_t) + b_g)
///      │                          ^^^^^^^^^^^
///   r_t has length n (it gates h), x_t has length m (the input).
///   ∘ needs equal lengths. Did you mean h_{t-1}?
/// ```
///
/// Long lines are cut around the piece that is meant; characters that a terminal would act on are
/// shown as `\uFFFD`.
public final class Report {
  /// Width of a message in terminal cells.
  private static final int WIDTH = 100;

  private Report() {}

  /// All problems in the order of the text, one blank line between two.
  ///
  /// @param source the text that the spans refer to
  /// @return the messages, each line ended by `\n`; empty without problems
  public static String render(Source source, List<Problem> problems) {
    int[] lineStarts = lineStarts(source.text());
    return problems.stream()
        .sorted(Comparator.comparingInt(p -> p.span().start()))
        .map(p -> render(source, lineStarts, p))
        .collect(Collectors.joining("\n"));
  }

  private static String render(Source source, int[] lineStarts, Problem problem) {
    String text = source.text();
    int start = Math.min(problem.span().start(), text.length());
    int found = Arrays.binarySearch(lineStarts, start);
    int line = found >= 0 ? found : -found - 2;
    int lineStart = lineStarts[line];
    int lineEnd = lineEnd(text, lineStart);
    int column = text.codePointCount(lineStart, start) + 1;
    int end = Math.clamp(problem.span().end(), start, Math.max(start, lineEnd));
    Snippet snippet =
        Snippet.of(
            text.substring(lineStart, Math.max(lineEnd, start)),
            start - lineStart,
            end - lineStart,
            WIDTH);
    String number = "%4d".formatted(line + 1);
    String kind = problem.isError() ? "error" : "note";
    return kind
        + ": "
        + Snippet.printable(problem.title())
        + "\n"
        + "  "
        + Snippet.printable(source.name())
        + ":"
        + (line + 1)
        + ":"
        + column
        + "\n"
        + number
        + " │ "
        + snippet.line()
        + "\n"
        + " ".repeat(number.length())
        + " │ "
        + snippet.carets()
        + "\n"
        + explanation(problem);
  }

  /// Detail and help, indented; a short help ends the last line of the detail.
  private static String explanation(Problem problem) {
    String detail = problem.detail().stripTrailing();
    String help = problem.help().strip();
    int lastLine = detail.length() - (detail.lastIndexOf('\n') + 1);
    String between =
        detail.isEmpty() || help.isEmpty() ? "" : lastLine + help.length() < WIDTH - 3 ? " " : "\n";
    return (detail + between + help)
        .lines()
        .map(l -> "  " + Snippet.printable(l) + "\n")
        .collect(Collectors.joining());
  }

  private static int[] lineStarts(String text) {
    return java.util.stream.IntStream.concat(
            java.util.stream.IntStream.of(0),
            java.util.stream.IntStream.range(0, text.length())
                .filter(i -> text.charAt(i) == '\n')
                .map(i -> i + 1))
        .toArray();
  }

  private static int lineEnd(String text, int lineStart) {
    int stop = text.indexOf('\n', lineStart);
    int end = stop < 0 ? text.length() : stop;
    while (end > lineStart && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }
}
