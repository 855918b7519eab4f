package dev.sluice.runtime.io;

import dev.sluice.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The header of a `.safetensors` file: as much of JSON as it may contain, without recursion, so
/// that no depth harms.
final class SafetensorsHeader {
  private final Path file;
  private final String json;
  private int at;

  private SafetensorsHeader(Path file, String json) {
    this.file = file;
    this.json = json;
  }

  /// @param begin first byte in the data, `end` the one after its last
  record Entry(String name, Floats.Format format, long[] shape, long begin, long end) {}

  static List<Entry> parse(Path file, String json) throws IOException {
    SafetensorsHeader header = new SafetensorsHeader(file, json);
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    header.expect('{');
    if (!header.accept('}')) {
      do {
        String name = header.string();
        if (!names.add(name)) {
          throw header.error("the name `%s` twice".formatted(shown(name)));
        }
        header.expect(':');
        if (name.equals("__metadata__")) {
          header.metadata();
        } else {
          entries.add(header.entry(name));
        }
      } while (header.accept(','));
      header.expect('}');
    }
    header.space();
    if (header.at != json.length()) {
      throw header.error("the end of the header expected");
    }
    return entries;
  }

  /// `{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}`
  private Entry entry(String name) throws IOException {
    String type = "";
    long[] shape = null;
    long[] offsets = null;
    expect('{');
    do {
      String key = string();
      expect(':');
      switch (key) {
        case "dtype" -> type = string();
        case "shape" -> shape = numbers();
        case "data_offsets" -> offsets = numbers();
        default -> throw error("unknown key `%s`".formatted(shown(key)));
      }
    } while (accept(','));
    expect('}');
    if (shape == null || offsets == null || offsets.length != 2 || offsets[1] < offsets[0]) {
      throw error("`%s` needs dtype, shape and two data_offsets".formatted(shown(name)));
    }
    Floats.Format format =
        switch (type) {
          case "F16" -> Floats.Format.F16;
          case "BF16" -> Floats.Format.BF16;
          case "F32" -> Floats.Format.F32;
          case "F64" -> Floats.Format.F64;
          default ->
              throw new IOException(
                  "%s: %s has the type %s; expected F32, F64, F16 or BF16"
                      .formatted(file, shown(name), shown(type)));
        };
    return new Entry(name, format, shape, offsets[0], offsets[1]);
  }

  private void metadata() throws IOException {
    expect('{');
    if (!accept('}')) {
      do {
        string();
        expect(':');
        string();
      } while (accept(','));
      expect('}');
    }
  }

  private long[] numbers() throws IOException {
    List<Long> numbers = new ArrayList<>();
    expect('[');
    if (!accept(']')) {
      do {
        numbers.add(number());
      } while (accept(','));
      expect(']');
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private long number() throws IOException {
    space();
    int start = at;
    while (at < json.length() && json.charAt(at) >= '0' && json.charAt(at) <= '9') {
      at++;
    }
    if (at == start || at - start > 18) {
      throw error("a whole number of at most 18 digits expected");
    }
    return Long.parseLong(json, start, at, 10);
  }

  private String string() throws IOException {
    expect('"');
    StringBuilder text = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return text.toString();
      }
      if (c < ' ') {
        throw error("a control character in a string");
      }
      text.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() throws IOException {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(next(), 16);
          if (digit < 0) {
            throw error("four hexadecimal digits expected");
          }
          code = code * 16 + digit;
        }
        yield (char) code;
      }
      default -> throw error("unknown escape");
    };
  }

  private char next() throws IOException {
    if (at >= json.length()) {
      throw error("the header ends inside a string");
    }
    return json.charAt(at++);
  }

  private void space() {
    while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean accept(char c) {
    space();
    if (at < json.length() && json.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) throws IOException {
    if (!accept(c)) {
      throw error("`%c` expected".formatted(c));
    }
  }

  private IOException error(String what) {
    return new IOException(
        "%s: the header is malformed at character %d: %s".formatted(file, at, what));
  }

  /// Part of a file in a message: cut, and without control characters.
  static String shown(String text) {
    String cut = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  static String render(Map<String, Tensor> tensors) {
    StringBuilder json = new StringBuilder("{");
    long offset = 0;
    for (var entry : tensors.entrySet()) {
      json.append(json.length() > 1 ? "," : "");
      quote(json, entry.getKey());
      long end = offset + entry.getValue().floats() * Float.BYTES;
      json.append(":{\"dtype\":\"F32\",\"shape\":");
      json.append(java.util.Arrays.toString(entry.getValue().shape()).replace(" ", ""));
      json.append(",\"data_offsets\":[%d,%d]}".formatted(offset, end));
      offset = end;
    }
    return json.append('}').toString();
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
