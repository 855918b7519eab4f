package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Source;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `check FILE`: all that is wrong with a cell, each with its line and a caret.
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Say what is wrong with a cell, each mistake with its line and a caret.")
final class CheckCommand implements Callable<Integer> {
  @Mixin private CellFile file;
  @Mixin private DumpOption dump;

  @Option(names = "--json", description = "Write the problems as JSON on one line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (dump.isGiven()) {
      return dump.print(file, out, spec.commandLine().getErr());
    }
    return json ? asJson(out) : asText(out);
  }

  /// Whatever is wrong is in the JSON; a file that can't be read too.
  private int asJson(PrintWriter out) {
    try {
      Source source = file.source();
      Outcome<Compiled> outcome = Pipeline.compile(source, file.options());
      out.println(Json.of(json(source, outcome)));
      return outcome.isOk() ? Exit.OK : Exit.WRONG;
    } catch (UserError | IllegalArgumentException wrong) {
      out.println(Json.of(json(String.valueOf(wrong.getMessage()))));
      return Exit.USAGE;
    }
  }

  private int asText(PrintWriter out) {
    Source source = file.source();
    Outcome<Compiled> outcome = Pipeline.compile(source, file.options());
    spec.commandLine().getErr().print(file.report(source, outcome));
    spec.commandLine().getErr().flush();
    outcome.value().filter(_ -> outcome.isOk()).ifPresent(c -> out.println(summary(c.cell())));
    return outcome.isOk() ? Exit.OK : Exit.WRONG;
  }

  private String summary(Cell cell) {
    return "%s: fine; %s, %s, %s, output %s"
        .formatted(
            file.shown(),
            count(cell.inputs().size(), "input"),
            count(cell.states().size(), "state"),
            count(cell.parameters().size(), "parameter"),
            cell.output().display());
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private Map<String, Object> json(Source source, Outcome<?> outcome) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("file", file.shown());
    result.put("ok", outcome.isOk());
    result.put("problems", outcome.problems().stream().map(p -> json(source, p)).toList());
    return result;
  }

  /// About the file as a whole, or the command: at its first character.
  private Map<String, Object> json(String wrong) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("severity", "error");
    problem.put("title", "cannot be checked");
    for (String place : List.of("line", "column", "endLine", "endColumn")) {
      problem.put(place, 1);
    }
    problem.put("detail", wrong);
    problem.put("help", "");
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("file", file.shown());
    result.put("ok", false);
    result.put("problems", List.of(problem));
    return result;
  }

  private static Map<String, Object> json(Source source, Problem problem) {
    int start = problem.span().start();
    int end = problem.span().end();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("severity", problem.isError() ? "error" : "note");
    result.put("title", problem.title());
    result.put("line", source.line(start));
    result.put("column", source.column(start));
    result.put("endLine", source.line(end));
    result.put("endColumn", source.column(end));
    result.put("detail", problem.detail());
    result.put("help", problem.help());
    return result;
  }
}
