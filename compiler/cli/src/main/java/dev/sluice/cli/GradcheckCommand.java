package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.ir.GradientCheck;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gradcheck FILE`: the derived backward pass against central differences, in double precision.
@Command(
    name = "gradcheck",
    mixinStandardHelpOptions = true,
    description =
        "Compare the derived gradients with central differences, in double precision, for every"
            + " parameter, input and initial state. A relative error below 1e-6 passes.")
final class GradcheckCommand implements Callable<Integer> {
  @Mixin private CellFile file;
  @Mixin private SizeOptions sizes;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "42",
      description = "Of the random point that is looked at. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "Write the result as JSON on one line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Compiled compiled = file.compile(file.options(), spec.commandLine().getErr());
    Map<String, Integer> lengths = sizes.orSmall(compiled.cell());
    GradientCheck check;
    try (var _ = Progress.unknown("checking gradients")) {
      check = GradientCheck.of(compiled.adjoint(), lengths, seed);
    }
    if (json) {
      out.println(Json.of(json(check, lengths)));
    } else {
      out.print(check);
      out.println((check.pass() ? "PASS  " : "FAIL  ") + file.shown() + sizesText(lengths));
    }
    return check.pass() ? Exit.OK : Exit.WRONG;
  }

  private String sizesText(Map<String, Integer> lengths) {
    return lengths.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(", ", "  (", ", seed %d)".formatted(seed)));
  }

  private Map<String, Object> json(GradientCheck check, Map<String, Integer> lengths) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("file", file.shown());
    result.put("pass", check.pass());
    result.put("sizes", lengths);
    result.put("seed", seed);
    List<Map<String, Object>> tensors = check.lines().stream().map(GradcheckCommand::json).toList();
    result.put("tensors", tensors);
    return result;
  }

  private static Map<String, Object> json(GradientCheck.Line line) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("name", line.name());
    result.put("kind", line.kind().name().toLowerCase(Locale.ROOT));
    result.put("pass", line.pass());
    result.put("error", line.error());
    result.put("checked", line.checked());
    result.put("skipped", line.skipped());
    return result;
  }
}
