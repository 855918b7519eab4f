package dev.sluice.samples.recorded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// One folder of recorded results: `case.json` and a `.npy` per tensor.
///
/// @param json what `case.json` says
/// @param tensors by name, in the file's order
/// @param equations of a research cell as its paper prints them; empty when there are none
public record RecordedCase(
    String name, Map<?, ?> json, SequencedMap<String, Numbers> tensors, String equations) {
  private static final String JSON = "case.json";
  private static final String EQUATIONS = "equations.txt";

  /// Every case in the sub-folders of a folder, by name.
  public static List<RecordedCase> in(Path folder) throws IOException {
    List<RecordedCase> cases = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.exists(entry.resolve(JSON))) {
          boolean printed = Files.exists(entry.resolve(EQUATIONS));
          cases.add(read(file -> Files.readAllBytes(entry.resolve(file)), printed));
        }
      }
    }
    return cases;
  }

  /// Every case in the folders of a zip file, by name.
  public static List<RecordedCase> inZip(InputStream zip) throws IOException {
    SortedMap<String, Map<String, byte[]>> folders = new TreeMap<>();
    ZipInputStream entries = new ZipInputStream(zip);
    for (ZipEntry e = entries.getNextEntry(); e != null; e = entries.getNextEntry()) {
      int slash = e.getName().indexOf('/');
      if (slash > 0 && !e.isDirectory()) {
        folders
            .computeIfAbsent(e.getName().substring(0, slash), _ -> new HashMap<>())
            .put(e.getName().substring(slash + 1), entries.readAllBytes());
      }
    }
    List<RecordedCase> cases = new ArrayList<>();
    for (Map<String, byte[]> files : folders.values()) {
      cases.add(read(file -> found(files, file), files.containsKey(EQUATIONS)));
    }
    return cases;
  }

  private static byte[] found(Map<String, byte[]> files, String file) {
    byte[] bytes = files.get(file);
    if (bytes == null) {
      throw new IllegalArgumentException(
          "the case has no file %s; there are %s".formatted(file, files.keySet()));
    }
    return bytes;
  }

  private interface Source {
    byte[] bytes(String file) throws IOException;
  }

  private static RecordedCase read(Source source, boolean printed) throws IOException {
    String text = new String(source.bytes(JSON), StandardCharsets.UTF_8);
    Map<?, ?> json = (Map<?, ?>) Json.read(text);
    SequencedMap<String, Numbers> tensors = new LinkedHashMap<>();
    for (Object tensor : (List<?>) member(json, "tensors")) {
      String file = (String) member((Map<?, ?>) tensor, "file");
      Object name = ((Map<?, ?>) tensor).get("name");
      tensors.put(
          name == null ? file.replace(".npy", "") : name.toString(),
          Numbers.read(file, source.bytes(file)));
    }
    String equations = printed ? new String(source.bytes(EQUATIONS), StandardCharsets.UTF_8) : "";
    return new RecordedCase((String) member(json, "case"), json, tensors, equations);
  }

  /// What `case.json` says under a name that it has.
  public Object get(String name) {
    return member(json, name);
  }

  public String text(String name) {
    return (String) get(name);
  }

  public boolean isTrue(String name) {
    return Boolean.TRUE.equals(json.get(name));
  }

  public int integer(String name) {
    return ((Double) get(name)).intValue();
  }

  public Map<?, ?> map(String name) {
    return (Map<?, ?>) get(name);
  }

  private static Object member(Map<?, ?> json, String name) {
    Object value = json.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "%s: no `%s`; there are %s".formatted(JSON, name, json.keySet()));
    }
    return value;
  }

  public Numbers tensor(String tensor) {
    return find(tensor)
        .orElseThrow(() -> new IllegalArgumentException(name + " has no tensor " + tensor));
  }

  public Optional<Numbers> find(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  @Override
  public String toString() {
    return name;
  }
}
