package dev.sluice.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes JSON (RFC 8259) on one line.
final class Json {
  private Json() {}

  /// @param value a map with string keys, a list, a string, a number, or a truth value; what is not
  ///     finite becomes null, as JSON has no such numbers
  static String of(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> string(String.valueOf(e.getKey())) + ": " + of(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list -> list.stream().map(Json::of).collect(Collectors.joining(", ", "[", "]"));
      case Double number -> Double.isFinite(number) ? number.toString() : "null";
      case Float number -> Float.isFinite(number) ? number.toString() : "null";
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      default -> string(value.toString());
    };
  }

  private static String string(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < ' ' || Character.isSurrogate(c)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
