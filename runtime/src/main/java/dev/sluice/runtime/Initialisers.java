package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode.ParameterSlot;

/// First values of parameters, a function of the seed and the parameter's name alone.
final class Initialisers {
  private long random;

  private Initialisers(long seed, String name) {
    random = seed;
    for (int i = 0; i < name.length(); i++) {
      random = mix(random + name.charAt(i));
    }
  }

  /// @param name of the parameter in its network, so that equal shapes start from different values
  static float[] values(ParameterSlot slot, long seed, String name) {
    Initialisers source = new Initialisers(seed, name);
    String[] words = slot.initialiser().split(" ", 2);
    int columns = slot.columns();
    return switch (words[0]) {
      case "default" ->
          slot.rank() == 2
              ? source.uniform(slot, 1 / Math.sqrt(columns))
              : source.constant(slot, 0);
      case "constant" -> source.constant(slot, argument(slot, words));
      case "uniform" -> source.uniform(slot, argument(slot, words));
      case "normal" -> source.normal(slot, argument(slot, words));
      case "glorot" -> source.uniform(slot, Math.sqrt(6.0 / (slot.rows() + columns)));
      case "orthogonal" -> source.orthogonal(slot);
      case "identity" -> source.identity(slot);
      default ->
          throw new IllegalArgumentException(
              "parameter %s: no initialiser `%s`".formatted(slot.name(), slot.initialiser()));
    };
  }

  private static double argument(ParameterSlot slot, String[] words) {
    double value = words.length == 2 ? Double.parseDouble(words[1]) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "parameter %s: initialiser `%s` needs a number"
              .formatted(slot.name(), slot.initialiser()));
    }
    return value;
  }

  private float[] constant(ParameterSlot slot, double value) {
    float[] values = new float[Math.toIntExact(slot.floats())];
    java.util.Arrays.fill(values, (float) value);
    return values;
  }

  private float[] uniform(ParameterSlot slot, double bound) {
    float[] values = new float[Math.toIntExact(slot.floats())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * unit() - 1) * bound);
    }
    return values;
  }

  private float[] normal(ParameterSlot slot, double deviation) {
    float[] values = new float[Math.toIntExact(slot.floats())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (gaussian() * deviation);
    }
    return values;
  }

  private float[] identity(ParameterSlot slot) {
    float[] values = new float[Math.toIntExact(slot.floats())];
    for (int i = 0; i < Math.min(slot.rows(), slot.columns()); i++) {
      values[i * slot.columns() + i] = 1;
    }
    return values;
  }

  /// Rows orthonormal, or columns if there are fewer: modified Gram-Schmidt, twice for accuracy, on
  /// normal vectors.
  private float[] orthogonal(ParameterSlot slot) {
    boolean wide = slot.rows() <= slot.columns();
    double[][] vectors =
        new double[wide ? slot.rows() : slot.columns()][wide ? slot.columns() : slot.rows()];
    for (int i = 0; i < vectors.length; i++) {
      for (int k = 0; k < vectors[i].length; k++) {
        vectors[i][k] = gaussian();
      }
      orthogonalise(vectors, i);
      orthogonalise(vectors, i);
    }
    float[] values = new float[Math.toIntExact(slot.floats())];
    for (int r = 0; r < slot.rows(); r++) {
      for (int c = 0; c < slot.columns(); c++) {
        values[r * slot.columns() + c] = (float) (wide ? vectors[r][c] : vectors[c][r]);
      }
    }
    return values;
  }

  private static void orthogonalise(double[][] vectors, int i) {
    for (int j = 0; j < i; j++) {
      double projection = dot(vectors[i], vectors[j]);
      for (int k = 0; k < vectors[i].length; k++) {
        vectors[i][k] -= projection * vectors[j][k];
      }
    }
    double norm = Math.sqrt(dot(vectors[i], vectors[i]));
    for (int k = 0; k < vectors[i].length; k++) {
      vectors[i][k] /= norm;
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  /// In (0, 1).
  private double unit() {
    random += 0x9E3779B97F4A7C15L;
    return ((mix(random) >>> 12) + 0.5) * 0x1p-52;
  }

  /// Box-Muller; StrictMath, so that it is the same everywhere.
  private double gaussian() {
    return StrictMath.sqrt(-2 * StrictMath.log(unit())) * StrictMath.cos(2 * Math.PI * unit());
  }

  /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
