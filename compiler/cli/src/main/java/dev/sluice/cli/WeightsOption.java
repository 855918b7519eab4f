package dev.sluice.cli;

import dev.sluice.runtime.WeightFormat;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// How a session keeps its weights: `--weights-as bf16`.
final class WeightsOption {
  @Option(
      names = "--weights-as",
      paramLabel = "FORMAT",
      converter = Format.class,
      defaultValue = "fp32",
      description = {
        "How the kernels keep the weights of products in inference: fp32, bf16, or int8 with a"
            + " scale for each row. Arithmetic is in floats. Default: ${DEFAULT-VALUE}."
      })
  private WeightFormat format = WeightFormat.FLOAT32;

  WeightFormat format() {
    return format;
  }

  boolean narrow() {
    return format != WeightFormat.FLOAT32;
  }

  /// `fp32`, `bf16`, `int8`.
  static String word(WeightFormat format) {
    return switch (format) {
      case FLOAT32 -> "fp32";
      case BFLOAT16 -> "bf16";
      case INT8 -> "int8";
    };
  }

  static final class Format implements ITypeConverter<WeightFormat> {
    @Override
    public WeightFormat convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "fp32" -> WeightFormat.FLOAT32;
        case "bf16" -> WeightFormat.BFLOAT16;
        case "int8" -> WeightFormat.INT8;
        default ->
            throw new TypeConversionException(
                "'%s' is no format of weights: expected fp32, bf16 or int8".formatted(text));
      };
    }
  }
}
