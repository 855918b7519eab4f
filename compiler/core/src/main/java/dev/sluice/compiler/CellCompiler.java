package dev.sluice.compiler;

import dev.sluice.compiler.ast.Parse;
import dev.sluice.compiler.bind.Bind;
import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.derive.Derive;
import dev.sluice.compiler.fuse.Fuse;
import dev.sluice.compiler.generate.Generate;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.UnsupportedCellException;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Source;
import dev.sluice.compiler.report.Span;
import dev.sluice.compiler.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/// The whole pipeline: text in, Java source out. Each line of [#compile] is a stage; each stage
/// lives in the package of its name.
public final class CellCompiler {
  private CellCompiler() {}

  /// Compiles one cell. A mistake of its author comes back as a [Problem], never as an exception.
  public static Outcome<Compiled> compile(Source source, Options options) {
    Outcome<Cell> bound = bind(source, options);
    if (!bound.isOk()) {
      return Outcome.failed(bound.problems());
    }
    try {
      return Outcome.of(generate(bound.value().orElseThrow(), options), bound.problems());
    } catch (UnsupportedCellException e) {
      List<Problem> problems = new ArrayList<>(bound.problems());
      problems.add(unsupported(e, source));
      return Outcome.failed(problems);
    }
  }

  /// The cell in flat form: the front end and `canon`.
  public static Outcome<Cell> canonical(Source source, Options options) {
    Outcome<Cell> bound = bind(source, options);
    if (!bound.isOk()) {
      return bound;
    }
    try {
      return Outcome.of(Canon.rewrite(bound.value().orElseThrow()), bound.problems());
    } catch (UnsupportedCellException e) {
      List<Problem> problems = new ArrayList<>(bound.problems());
      problems.add(unsupported(e, source));
      return Outcome.failed(problems);
    }
  }

  /// The front end.
  public static Outcome<Cell> bind(Source source, Options options) {
    Outcome<Ast.File> parsed = // three spellings become one syntax tree
        Parse.file(source, options.settings());
    if (!parsed.isOk()) {
      return Outcome.failed(parsed.problems());
    }
    Ast.File ast = parsed.value().orElseThrow();
    Outcome<Cell> bound = // names, roles, time, shapes
        Bind.cell(ast, source, options.name(), options.settings());
    List<Problem> problems = new ArrayList<>(parsed.problems());
    problems.addAll(bound.problems());
    bound.value().ifPresent(cell -> problems.addAll(FloatRange.problems(cell, source)));
    return problems.stream().anyMatch(Problem::isError)
        ? Outcome.failed(problems)
        : Outcome.of(bound.value().orElseThrow(), problems);
  }

  private static Problem unsupported(UnsupportedCellException e, Source source) {
    int start = source.offset(e.origin().line());
    Span line = new Span(start, start + source.lineText(start).length());
    return Problem.error(
        String.valueOf(e.getMessage()),
        line,
        "The cell is well-formed, but no code can be made for it.",
        e.help());
  }

  /// The stages after the front end, for a cell that is well-formed.
  ///
  /// @throws UnsupportedCellException when no code can be generated for it yet
  public static Compiled generate(Cell cell, Options options) {
    Cell apart = Weights.apart(cell); // what parameters alone decide, once per update
    Cell canonical = Canon.rewrite(apart); // one rule per file, applied until nothing changes
    Adjoint adjoint = Derive.reverse(canonical); // the backward pass, as equations
    Schedule schedule = Fuse.plan(adjoint); // panels, hoisting, saved values, buffers
    String java = Generate.java(schedule, options.target(cell));
    return new Compiled(cell, canonical, adjoint, schedule, options, java);
  }
}
