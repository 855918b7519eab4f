package dev.sluice.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/// Starts the command line.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /// Carries one command out.
  ///
  /// @return the exit code: 0 fine, 1 the cell is wrong or a check failed, 2 the command was wrong,
  ///     3 a bug of Sluice
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = new CommandLine(new Sluice()).setOut(out).setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setExecutionExceptionHandler((e, command, _) -> explain(e, command));
    try {
      return line.execute(args);
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof IllegalArgumentException setting) { // -Dsluice.vector=…
        return usage(err, setting);
      }
      throw e;
    } catch (OutOfMemoryError e) {
      err.println("sluice: not enough memory for this: " + e.getMessage());
      return Exit.USAGE;
    }
  }

  private static int explain(Exception e, CommandLine command) {
    PrintWriter err = command.getErr();
    command.getOut().flush();
    return switch (e) {
      case CellError wrong -> {
        err.print(wrong.getMessage());
        err.flush();
        yield Exit.WRONG;
      }
      case UserError wrong -> usage(err, wrong);
      // What the runtime says about sizes, shapes and names is meant for the user.
      case IllegalArgumentException wrong -> usage(err, wrong);
      default -> {
        err.println("sluice: internal error, which is a bug of Sluice; please report it with:");
        e.printStackTrace(err);
        yield Exit.BUG;
      }
    };
  }

  private static int usage(PrintWriter err, Exception wrong) {
    err.println("sluice: " + wrong.getMessage());
    return Exit.USAGE;
  }
}
