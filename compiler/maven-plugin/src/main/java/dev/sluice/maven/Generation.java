package dev.sluice.maven;

import dev.sluice.compiler.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// One run of the goal: a folder of cells to a folder of sources.
///
/// @param cells folder of `*.cell` files
/// @param output root of the sources
/// @param packageName of all classes
/// @param sizes by cell, `x=65, h=256`
/// @param settings by cell, `epsilon=0.1`
/// @param precise whether all cells' σ and tanh are within 2 ulp
/// @param memory bytes off the heap that a network of a cell keeps within
record Generation(
    Path cells,
    Path output,
    String packageName,
    Map<String, String> sizes,
    Map<String, String> settings,
    boolean precise,
    long memory) {
  static final String SUFFIX = ".cell";

  Generation {
    sizes = Map.copyOf(sizes);
    settings = Map.copyOf(settings);
  }

  /// @param errors `file:[line,column] message`, as javac's are
  /// @param notes of the same form
  /// @param generated how many classes were written anew
  /// @param kept how many were up to date
  /// @param removed how many had lost their cell
  record Result(List<String> errors, List<String> notes, int generated, int kept, int removed) {
    Result {
      errors = List.copyOf(errors);
      notes = List.copyOf(notes);
    }

    String summary() {
      return "cells: %d generated, %d up to date, %d removed".formatted(generated, kept, removed);
    }
  }

  Result run() throws IOException {
    Messages messages = new Messages();
    List<CellJob> jobs = jobs(messages);
    Manifest old = Manifest.read(output);
    SequencedMap<String, Manifest.Entry> made = new LinkedHashMap<>();
    int kept = 0;
    for (CellJob job : jobs) {
      String key = job.key();
      Optional<Manifest.Entry> before = old.upToDate(job.target(), key, output);
      Optional<Manifest.Entry> now = before.isPresent() ? before : job.generate(key, messages);
      now.ifPresent(entry -> made.put(job.target(), entry));
      kept += before.isPresent() ? 1 : 0;
    }
    int removed = old.removeAllBut(made.keySet(), output);
    new Manifest(made).write(output);
    return new Result(messages.errors(), messages.notes(), made.size() - kept, kept, removed);
  }

  /// One job per file, in the order of their names; files that can't be one are told about.
  private List<CellJob> jobs(Messages messages) throws IOException {
    List<CellJob> jobs = new ArrayList<>();
    Map<String, Path> files = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    TreeSet<String> names = new TreeSet<>();
    for (Path file : cellFiles()) {
      String name = nameOf(file);
      names.add(name);
      try {
        Options options =
            new Options(
                name,
                packageName,
                Assignments.numbers(settings.getOrDefault(name, "")),
                Assignments.lengths(sizes.getOrDefault(name, "")),
                precise,
                memory);
        Path other = files.putIfAbsent(options.className(), file);
        if (other == null) {
          jobs.add(new CellJob(file, options, output));
        } else {
          messages.error(
              file,
              "its class %s is that of %s too: give one of them another name"
                  .formatted(options.className(), other.getFileName()));
        }
      } catch (IllegalArgumentException e) {
        messages.error(file, String.valueOf(e.getMessage()));
      }
    }
    Stream.of(sizes, settings)
        .flatMap(map -> map.keySet().stream().sorted())
        .filter(name -> !names.contains(name))
        .forEach(
            name ->
                messages.error(
                    cells, "sizes or settings of a cell '%s', but there is none".formatted(name)));
    return jobs;
  }

  private List<Path> cellFiles() throws IOException {
    try (Stream<Path> files = Files.list(cells)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  private static String nameOf(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }
}
