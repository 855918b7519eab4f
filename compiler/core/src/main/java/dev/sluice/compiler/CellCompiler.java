package dev.sluice.compiler;

import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.derive.Derive;
import dev.sluice.compiler.fuse.Fuse;
import dev.sluice.compiler.generate.Generate;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.UnsupportedCellException;
import java.util.Map;

/// The whole pipeline: text in, Java source out. Each line of [#compile] is a stage; each stage
/// lives in the package of its name.
public final class CellCompiler {
  private CellCompiler() {}

  /// The stages after the front end, for a cell that is well-formed.
  ///
  /// @throws UnsupportedCellException when no code can be generated for it yet
  public static Compiled generate(Cell cell, Options options) {
    Cell canonical = Canon.rewrite(cell); // one rule per file, applied until nothing changes
    Adjoint adjoint = Derive.reverse(canonical); // the backward pass, as equations
    Schedule schedule = Fuse.plan(adjoint); // panels, hoisting, saved values, buffers
    Map<String, Integer> sizes = options.isSized() ? cell.sizes(options.sizes()) : Map.of();
    String java = Generate.java(schedule, options.packageName(), options.className(), sizes);
    return new Compiled(cell, canonical, adjoint, schedule, options, java);
  }
}
