package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellProgram;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// [Linear] as a cell without a state.
final class LinearProgram implements CellProgram {
  @Override
  public int version() {
    return RUNTIME_VERSION;
  }

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public String equations() {
    return "y_t = W x_t + b";
  }

  @Override
  public SequencedMap<String, List<String>> dimensions() {
    SequencedMap<String, List<String>> dimensions = new LinkedHashMap<>();
    dimensions.put("m", List.of("x"));
    dimensions.put("n", List.of("y"));
    return dimensions;
  }

  @Override
  public CellCode bind(Sizes sizes) {
    var lengths = sizes.resolve(name(), dimensions());
    return new LinearCode(lengths.getOrDefault("m", 0), lengths.getOrDefault("n", 0));
  }
}
