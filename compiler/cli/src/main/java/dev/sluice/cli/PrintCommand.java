package dev.sluice.cli;

import dev.sluice.compiler.ast.Parse;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.AstSource;
import dev.sluice.compiler.ir.Spelling;
import dev.sluice.compiler.report.Source;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `print FILE --as latex`: the equations in another spelling.
@Command(
    name = "print",
    mixinStandardHelpOptions = true,
    description =
        "Write the equations as LaTeX, Unicode or plain ASCII. What is written is the same cell"
            + " when it is read again.")
final class PrintCommand implements Callable<Integer> {
  @Mixin private CellFile file;

  @Option(
      names = "--as",
      paramLabel = "SPELLING",
      defaultValue = "unicode",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Spelling spelling;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Source source = file.source();
    Ast.File ast =
        file.accept(
            source, Parse.file(source, file.options().settings()), spec.commandLine().getErr());
    spec.commandLine().getOut().print(AstSource.print(ast, spelling));
    return Exit.OK;
  }
}
