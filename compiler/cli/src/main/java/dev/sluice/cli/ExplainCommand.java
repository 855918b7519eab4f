package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Sizes;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `explain FILE`: what the compiler understood, and what it makes of it.
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Show the equations as they were understood: roles, shapes, counts of parameters and"
            + " operations, the derived backward pass, and the schedule.")
final class ExplainCommand implements Callable<Integer> {
  @Mixin private CellFile file;
  @Mixin private DumpOption dump;
  @Mixin private SizeOptions sizes;
  @Mixin private MemoryOption memory;
  @Mixin private WeightsOption weights;

  @Option(
      names = "--batch",
      description = "Sequences; with --size and --steps, the memory is predicted, then measured.")
  private int batch;

  @Option(names = "--steps", description = "Of each sequence.")
  private int steps;

  @Option(names = "--json", description = "Write the same as JSON on one line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (dump.isGiven()) {
      return dump.print(file, out, spec.commandLine().getErr());
    }
    Compiled compiled = file.compile(file.options(), spec.commandLine().getErr());
    Explanation explanation = new Explanation(compiled, sizes.given());
    Map<String, MemoryUse> uses = memory(compiled);
    if (json) {
      SequencedMap<String, Object> all = explanation.json();
      if (!uses.isEmpty()) {
        Map<String, Object> json = new LinkedHashMap<>();
        uses.forEach((mode, use) -> json.put(mode, use.json()));
        all.put("memory", json);
      }
      out.println(Json.of(all));
    } else {
      out.print(explanation.text());
      if (!uses.isEmpty()) {
        out.println("\nmemory off the heap of %d sequences of %d steps".formatted(batch, steps));
        uses.forEach((mode, use) -> out.println("  %-9s %s".formatted(mode, use.text())));
      }
    }
    return Exit.OK;
  }

  /// What one pass takes in inference, and one forward and back in training.
  private Map<String, MemoryUse> memory(Compiled compiled) {
    if (batch == 0 && steps == 0 && memory.limit() == Long.MAX_VALUE && !weights.narrow()) {
      return Map.of();
    }
    if (batch < 1 || steps < 1 || sizes.isEmpty()) {
      throw new UserError(
          "the memory depends on --size, --batch and --steps: expected all three, found --size %s"
                  .formatted(sizes.given())
              + " --batch %d --steps %d".formatted(batch, steps));
    }
    Map<String, MemoryUse> uses = new LinkedHashMap<>();
    Sizes named = new Sizes(new LinkedHashMap<>(sizes.given()));
    for (BenchCommand.Mode mode : BenchCommand.Mode.values()) {
      try (Sequential network = Sequential.of(Recurrent.of(compiled.load(), named)).initialise(42);
          Bench bench =
              new Bench(network, mode, batch, steps, 1, memory.limit(), weights.format())) {
        bench.pass();
        uses.put(mode.name().toLowerCase(Locale.ROOT), bench.memory());
      }
    }
    return uses;
  }
}
