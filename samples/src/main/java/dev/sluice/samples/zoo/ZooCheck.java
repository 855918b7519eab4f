package dev.sluice.samples.zoo;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.analysis.Flops;
import dev.sluice.compiler.analysis.Recurrence;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.GradientCheck;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import dev.sluice.samples.recorded.Comparison;
import dev.sluice.samples.recorded.Compilation;
import dev.sluice.samples.recorded.GeneratedRun;
import dev.sluice.samples.recorded.InterpretedRun;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Tolerance;
import dev.sluice.samples.recorded.ZooCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Checks one cell after the other.
///
/// @param recorded results of other software, by name of the cell
record ZooCheck(Map<String, RecordedCase> recorded, Compilation compilation) {
  /// Of every vector, for counting and timing.
  static final int LENGTH = 128;

  private static final int[] SMALL_AND_ODD = {3, 5, 7, 2, 4};
  private static final long SEED = 42;

  static ZooCheck of(List<RecordedCase> recorded) {
    Map<String, RecordedCase> byName = new LinkedHashMap<>();
    recorded.forEach(run -> byName.put(run.name(), run));
    return new ZooCheck(byName, new Compilation());
  }

  /// Every dimension with a length of its own.
  static Map<String, Integer> smallSizes(Cell cell) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    cell.dimensions()
        .keySet()
        .forEach(name -> sizes.put(name, SMALL_AND_ODD[sizes.size() % SMALL_AND_ODD.length]));
    return sizes;
  }

  static Map<String, Integer> equalSizes(Cell cell) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    cell.dimensions().keySet().forEach(name -> sizes.put(name, LENGTH));
    return sizes;
  }

  ZooRow check(Path file) throws IOException {
    String name = SluiceCompiler.cellName(file);
    Source source = SluiceCompiler.read(file);
    Outcome<Compiled> outcome = CellCompiler.compile(source, Options.named(name));
    if (!outcome.isOk()) {
      return new ZooRow(name, Report.render(source, outcome.problems()).strip(), null);
    }
    return check(name, source.text(), outcome.value().orElseThrow());
  }

  private ZooRow check(String name, String equations, Compiled compiled) {
    List<String> failures = new ArrayList<>();
    Map<String, Integer> sizes = smallSizes(compiled.cell());
    GradientCheck gradients = GradientCheck.of(compiled.adjoint(), sizes, SEED);
    if (!gradients.pass()) {
      failures.add("gradients: " + gradients.toString().strip());
    }
    ZooRow.Check generated =
        summary(
            "generated code",
            GeneratedRun.of(InterpretedResults.of(compiled, equations, sizes, SEED), compilation),
            failures);
    Optional<ZooRow.Check> compared =
        Optional.ofNullable(recorded.get(name)).map(run -> compare(run, equations, failures));
    double worst =
        gradients.lines().stream().mapToDouble(GradientCheck.Line::error).max().orElse(0);
    return new ZooRow(
        name,
        String.join("\n", failures),
        new ZooRow.Facts(
            new ZooRow.Check(gradients.pass(), worst),
            generated,
            compared.orElse(null),
            Recurrence.of(compiled.canonical()),
            Flops.forward(compiled.canonical()).value(equalSizes(compiled.cell())),
            Double.NaN));
  }

  /// Generated code in float, and the interpreter in double.
  private ZooRow.Check compare(RecordedCase run, String equations, List<String> failures) {
    var recording = ZooCase.recording(run, equations);
    List<Comparison> all = new ArrayList<>(GeneratedRun.of(recording, compilation));
    all.addAll(InterpretedRun.of(recording, compilation, Tolerance.ROUNDED));
    return summary("recorded results", all, failures);
  }

  private static ZooRow.Check summary(
      String what, List<Comparison> comparisons, List<String> failures) {
    List<Comparison> wrong = comparisons.stream().filter(c -> !c.pass()).toList();
    wrong.forEach(c -> failures.add(what + ": " + c));
    return new ZooRow.Check(
        wrong.isEmpty(), comparisons.stream().mapToDouble(Comparison::error).max().orElse(0));
  }
}
