package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `explain FILE`: what the compiler understood, and what it makes of it.
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Show the equations as they were understood: roles, shapes, counts of parameters and"
            + " operations, the derived backward pass, and the schedule.")
final class ExplainCommand implements Callable<Integer> {
  @Mixin private CellFile file;
  @Mixin private DumpOption dump;
  @Mixin private SizeOptions sizes;

  @Option(names = "--json", description = "Write the same as JSON on one line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (dump.isGiven()) {
      return dump.print(file, out, spec.commandLine().getErr());
    }
    Compiled compiled = file.compile(file.options(), spec.commandLine().getErr());
    Explanation explanation = new Explanation(compiled, sizes.given());
    if (json) {
      out.println(Json.of(explanation.json()));
    } else {
      out.print(explanation.text());
    }
    return Exit.OK;
  }
}
