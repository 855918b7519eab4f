package dev.sluice.runtime;

import dev.sluice.runtime.spi.Buffer;
import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.runtime.spi.Frame;
import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.PackedWeights;
import dev.sluice.runtime.spi.Packing;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// A cell that lets a test look in before each pass.
class Intercepted implements CellProgram {
  private final CellProgram cell;
  private final Consumer<Frame> before;

  Intercepted(CellProgram cell, Consumer<Frame> before) {
    this.cell = cell;
    this.before = before;
  }

  @Override
  public int version() {
    return cell.version();
  }

  @Override
  public String name() {
    return cell.name();
  }

  @Override
  public String equations() {
    return cell.equations();
  }

  @Override
  public SequencedMap<String, List<String>> dimensions() {
    return cell.dimensions();
  }

  @Override
  public CellCode bind(Sizes sizes) {
    return new Code(cell.bind(sizes), before);
  }

  private record Code(CellCode code, Consumer<Frame> before) implements CellCode {
    @Override
    public List<Slot> inputs() {
      return code.inputs();
    }

    @Override
    public List<Slot> states() {
      return code.states();
    }

    @Override
    public Slot output() {
      return code.output();
    }

    @Override
    public List<ParameterSlot> parameters() {
      return code.parameters();
    }

    @Override
    public List<Buffer> buffers() {
      return code.buffers();
    }

    @Override
    public Packing packing() {
      return code.packing();
    }

    @Override
    public void pack(MemorySegment parameters, PackedWeights packed, Mode mode) {
      code.pack(parameters, packed, mode);
    }

    @Override
    public void forward(Frame frame) {
      before.accept(frame);
      code.forward(frame);
    }

    @Override
    public void backward(Frame frame) {
      code.backward(frame);
    }
  }
}
