package dev.sluice.cli;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.ast.Parse;
import dev.sluice.compiler.ir.AstPrinter;
import dev.sluice.compiler.ir.IrPrinter;
import dev.sluice.compiler.ir.ScheduleNotation;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Source;
import dev.sluice.compiler.weights.Weights;
import java.io.PrintWriter;

/// All that the commands ask of the compiler.
final class Pipeline {
  private Pipeline() {}

  static Outcome<Compiled> compile(Source source, Options options) {
    return CellCompiler.compile(source, options);
  }

  /// What a stage makes of a cell.
  ///
  /// @throws CellError when the cell has mistakes that this stage or an earlier one finds
  static String dump(DumpOption.Stage stage, CellFile file, PrintWriter err) {
    Source source = file.source();
    return switch (stage) {
      case AST ->
          AstPrinter.print(file.accept(source, Parse.file(source, file.options().settings()), err));
      case BIND ->
          IrPrinter.print(file.accept(source, CellCompiler.bind(source, file.options()), err));
      case WEIGHTS ->
          IrPrinter.print(
              Weights.apart(file.accept(source, CellCompiler.bind(source, file.options()), err)));
      case CANON -> IrPrinter.print(compile(file, source, err).canonical());
      case DERIVE -> IrPrinter.print(compile(file, source, err).adjoint());
      case SCHEDULE -> ScheduleNotation.print(compile(file, source, err).schedule());
    };
  }

  private static Compiled compile(CellFile file, Source source, PrintWriter err) {
    return file.accept(source, compile(source, file.options()), err);
  }
}
