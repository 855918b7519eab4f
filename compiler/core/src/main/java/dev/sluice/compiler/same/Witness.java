package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Array;
import java.util.List;
import java.util.Map;

/// Numbers for which two cells differ.
///
/// @param step from 0, where the outputs differ first
/// @param pairing of the parameters, as [Conversion#lines] has it
public record Witness(Side first, Side second, int step, List<String> pairing) {
  /// One cell.
  ///
  /// @param sizes by dimension
  /// @param inputs [T][length] by plain name
  /// @param output at the step where they differ
  public record Side(
      Map<String, Integer> sizes,
      Map<String, Array> parameters,
      Map<String, double[][]> inputs,
      double[] output) {}
}
