package dev.sluice.compiler.generate;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.ParameterizedTypeName;
import java.util.Optional;

/// Types that generated code refers to.
final class Types {
  static final String SPI = "dev.sluice.runtime.spi";
  static final ClassName LANES = ClassName.get(SPI, "Lanes");
  static final ClassName VECTORS = ClassName.get(SPI, "Vectors");
  static final ClassName FUNCTIONS = ClassName.get(SPI, "Functions");
  static final ClassName SCALAR_FUNCTIONS = ClassName.get(SPI, "ScalarFunctions");
  static final ClassName SCALAR_PRECISE = ClassName.get(SPI, "ScalarPrecise");
  static final ClassName PRECISE = ClassName.get(SPI, "Precise");
  static final ClassName PRODUCTS = ClassName.get(SPI, "Products");
  static final ClassName WEIGHT_GRADIENTS = ClassName.get(SPI, "WeightGradients");
  static final ClassName OUTER_PRODUCTS = ClassName.get(SPI, "OuterProducts");
  static final ClassName PANELS = ClassName.get(SPI, "Panels");
  static final ClassName PANEL = ClassName.get(SPI, "Panel");
  static final ClassName PACKING = ClassName.get(SPI, "Packing");
  static final ClassName PACKING_BUILDER = ClassName.get(SPI, "Packing", "Builder");
  static final ClassName PACKED_WEIGHTS = ClassName.get(SPI, "PackedWeights");
  static final ClassName ROWS = ClassName.get(SPI, "Rows");
  static final ClassName RUNNING_SUMS = ClassName.get(SPI, "RunningSums");
  static final ClassName LANE_TOTALS = ClassName.get(SPI, "LaneTotals");
  static final ClassName FRAME = ClassName.get(SPI, "Frame");
  static final ClassName MODE = ClassName.get(SPI, "Mode");
  static final ClassName BUFFER = ClassName.get(SPI, "Buffer");
  static final ClassName BUFFER_ROWS = ClassName.get(SPI, "Buffer", "Rows");
  static final ClassName CELL_CODE = ClassName.get(SPI, "CellCode");
  static final ClassName CELL_PROGRAM = ClassName.get(SPI, "CellProgram");
  static final ClassName SLOT = ClassName.get(SPI, "CellCode", "Slot");
  static final ClassName MASK_SLOT = ClassName.get(SPI, "CellCode", "MaskSlot");
  static final ParameterizedTypeName WEIGHT_CODE =
      ParameterizedTypeName.get(ClassName.get(Optional.class), CELL_CODE);
  static final ClassName PARAMETER_SLOT = ClassName.get(SPI, "CellCode", "ParameterSlot");
  static final ClassName SIZES = ClassName.get("dev.sluice.runtime", "Sizes");
  static final ClassName RECURRENT = ClassName.get("dev.sluice.runtime", "Recurrent");
  static final ClassName SEGMENT = ClassName.get("java.lang.foreign", "MemorySegment");
  static final ClassName VALUE_LAYOUT = ClassName.get("java.lang.foreign", "ValueLayout");
  static final CodeBlock VALUE_LAYOUT_FLOAT = CodeBlock.of("$T.JAVA_FLOAT", VALUE_LAYOUT);
  static final ClassName FLOAT_VECTOR = ClassName.get("jdk.incubator.vector", "FloatVector");

  static final ClassName OPERATORS = ClassName.get("jdk.incubator.vector", "VectorOperators");
  static final ParameterizedTypeName FLOAT_MASK =
      ParameterizedTypeName.get(
          ClassName.get("jdk.incubator.vector", "VectorMask"), ClassName.get(Float.class));

  private Types() {}
}
