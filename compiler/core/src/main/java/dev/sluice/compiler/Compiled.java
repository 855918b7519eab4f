package dev.sluice.compiler;

import dev.sluice.compiler.derive.Horizons;
import dev.sluice.compiler.derive.Jacobians;
import dev.sluice.compiler.generate.Generate;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Horizon;
import dev.sluice.compiler.ir.Jacobian;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.same.Regime;
import dev.sluice.compiler.same.Regimes;
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

  /// How each state of a step changes with those of the step before. None for matrix states.
  public List<Jacobian> jacobians() {
    return Jacobians.of(canonical);
  }

  /// How long gated states remember before training.
  public List<Horizon> horizons() {
    return Horizons.of(canonical, jacobians());
  }

  /// What gates do that are shut or open.
  public List<Regime> regimes() {
    return Regimes.of(cell, canonical);
  }

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
