package dev.sluice.runtime.spi;

/// Where the weights of one product lie among packed weights: the panels of `slots` interleaved
/// gates, as [Panels] describes them. Along their inner length the matrices of several operands
/// follow each other; each is a part.
public final class Panel {
  private final long start;
  private final long scales;
  private final int units;
  private final int slots;
  private final int vectors;

  /// Where the parts start along the inner length, and the end of the last.
  private final int[] bounds;

  /// @param start weights of the panels before this
  /// @param scales scales of the panels before this
  /// @param parts inner lengths
  Panel(long start, long scales, int units, int slots, int... parts) {
    this.start = start;
    this.scales = scales;
    this.units = units;
    this.slots = slots;
    int unpadded = Panels.vectors(units, slots);
    this.vectors = unpadded + unpadded % Tiling.VECTORS;
    this.bounds = new int[parts.length + 1];
    for (int part = 0; part < parts.length; part++) {
      bounds[part + 1] = Math.addExact(bounds[part], parts[part]);
    }
  }

  int slots() {
    return slots;
  }

  /// Vectors of some blocks of units.
  int vectors(int block, int blocks) {
    int end = block + blocks;
    boolean last = end == Lanes.blocks(units);
    return (last ? Panels.vectors(units, slots) : end * slots) - block * slots;
  }

  /// The lane of a unit of a slot, counted from the first vector's first one.
  int lane(int unit, int slot) {
    return Panels.lane(units, slots, unit, slot);
  }

  /// Vectors side by side, those of padding too.
  int vectors() {
    return vectors;
  }

  int parts() {
    return bounds.length - 1;
  }

  /// Sum of the parts' inner lengths.
  int inner() {
    return bounds[parts()];
  }

  /// Where a part starts along the inner length; the end of the part before.
  int first(int part) {
    return bounds[part];
  }

  /// The part that holds a place along the inner length.
  int partAt(int place) {
    int part = 0;
    while (part < parts() - 1 && place >= bounds[part + 1]) {
      part++;
    }
    return part;
  }

  long weights() {
    return (long) vectors * Lanes.COUNT * inner();
  }

  long scaleFloats() {
    return (long) vectors * Lanes.COUNT * parts();
  }

  /// Byte offset of the first weight of a vector, which is the first of a panel, at a place along
  /// the inner length.
  long at(int vector, int place, int bytes) {
    return (start + ((long) vector * inner() + (long) Tiling.VECTORS * place) * Lanes.COUNT)
        * bytes;
  }

  /// Byte offset of the scales of a vector's units in a part.
  long scalesAt(int part, int vector) {
    return (scales + ((long) part * vectors + vector) * Lanes.COUNT) * Float.BYTES;
  }
}
