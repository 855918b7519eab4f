package dev.sluice.runtime;

import dev.sluice.runtime.spi.Mode;

/// A layout of the weights for the kernels.
///
/// @param mode what it serves: training needs panels for the way back too, and floats
record WeightForm(Mode mode, WeightFormat format) {
  private static final int FORMATS = WeightFormat.values().length;
  static final int COUNT = Mode.values().length * FORMATS;

  WeightForm {
    if (mode == Mode.TRAINING && format != WeightFormat.FLOAT32) {
      throw new IllegalArgumentException(
          "training with weights as %s: expected FLOAT32, others are for inference"
              .formatted(format));
    }
  }

  int index() {
    return mode.ordinal() * FORMATS + format.ordinal();
  }
}
