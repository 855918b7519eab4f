package dev.sluice.compiler;

import dev.sluice.compiler.generate.Generate;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.runtime.spi.Lanes;
import java.util.List;

/// A compiled cell with everything that the stages made of it.
///
/// @param cell names, roles, shapes
/// @param canonical the same in flat form
/// @param adjoint its backward pass
/// @param schedule how it runs
/// @param options what the compilation was told
/// @param javaSource the class
public record Compiled(
    Cell cell,
    Cell canonical,
    Adjoint adjoint,
    Schedule schedule,
    Options options,
    String javaSource) {

  /// Fully qualified name of the generated class.
  public String qualifiedName() {
    return options.packageName() + "." + options.className();
  }

  /// Compiles the source in memory and loads it, into a class loader of its own.
  public CellProgram load() {
    return Lanes.VECTORS
        ? InMemory.load(qualifiedName(), javaSource, List.of("jdk.incubator.vector"))
        : InMemory.load(qualifiedName(), withoutVectors(), List.of());
  }

  private String withoutVectors() {
    return Generate.java(schedule, options.target(cell).withoutVectors());
  }
}
