package dev.sluice.compiler;

import dev.sluice.compiler.ast.Parse;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.AstSource;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Spelling;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import dev.sluice.compiler.same.Same;
import dev.sluice.compiler.same.UpTo;
import dev.sluice.compiler.same.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// Compiles cells from a program:
///
/// ```java
/// CellProgram cell = SluiceCompiler.compile("h_t = tanh(V x_t + W h_{t-1} + b)").load();
/// ```
public final class SluiceCompiler {
  private SluiceCompiler() {}

  /// Compiles equations.
  ///
  /// @throws CellException with the whole report when they have mistakes
  public static Compiled compile(String equations) {
    return compile(Source.of(equations), Options.named("cell"));
  }

  /// Compiles a `.cell` file (or one with LaTeX) named after the cell.
  ///
  /// @throws CellException with the whole report when it has mistakes
  public static Compiled compile(Path file) throws IOException {
    Source source = read(file);
    return compile(source, Options.named(cellName(file)));
  }

  /// @throws CellException with the whole report when the source has mistakes
  public static Compiled compile(Source source, Options options) {
    Outcome<Compiled> outcome = CellCompiler.compile(source, options);
    if (!outcome.isOk()) {
      throw new CellException(Report.render(source, outcome.problems()));
    }
    return outcome.value().orElseThrow();
  }

  /// The equations in another spelling, a statement a line, without the comments. Reading the
  /// result gives the same cell.
  ///
  /// ```java
  /// SluiceCompiler.print(SluiceCompiler.read(Path.of("lstm.cell")), Spelling.LATEX)
  /// ```
  ///
  /// @throws CellException with the whole report when the text can't be read
  public static String print(Source source, Spelling spelling) {
    Outcome<Ast.File> parsed = Parse.file(source);
    if (!parsed.isOk()) {
      throw new CellException(Report.render(source, parsed.problems()));
    }
    return AstSource.print(parsed.value().orElseThrow(), spelling);
  }

  /// Whether two cells compute the same function of their inputs and parameters.
  ///
  /// @param upTo what they may differ in: usually permutation, sign and bias
  /// @throws CellException with the whole report when one has mistakes
  public static Verdict same(Source a, Source b, Set<UpTo> upTo) {
    return Same.compare(canonical(a, "first"), canonical(b, "second"), upTo, 200, 42);
  }

  private static Cell canonical(Source source, String name) {
    Outcome<Cell> outcome = CellCompiler.canonical(source, Options.named(name));
    if (!outcome.isOk()) {
      throw new CellException(Report.render(source, outcome.problems()));
    }
    return outcome.value().orElseThrow();
  }

  /// A file's text; bytes that are not UTF-8 become replacement characters, which no equation has.
  public static Source read(Path file) throws IOException {
    return new Source(
        String.valueOf(file.getFileName()),
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
  }

  /// A file's name without its ending: `lstm` for `lstm.cell`.
  public static String cellName(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
