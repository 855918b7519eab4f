package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Sizes;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `bench FILE --mode infer|train --size x=256,h=256 --batch 32 --steps 100`: how fast it runs
/// here.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Time the compiled cell on random numbers.",
      "infer is a forward pass over all steps; train is forward and the whole backward pass with"
          + " all gradients. gflops counts operations as explain does."
    })
final class BenchCommand implements Callable<Integer> {
  /// What is timed.
  enum Mode {
    INFER,
    TRAIN
  }

  @Mixin private CellFile file;
  @Mixin private SizeOptions sizes;

  @Option(names = "--mode", defaultValue = "infer", description = "${COMPLETION-CANDIDATES}.")
  private Mode mode;

  @Option(names = "--batch", defaultValue = "32", description = "Sequences. ${DEFAULT-VALUE}.")
  private int batch;

  @Option(names = "--steps", defaultValue = "100", description = "Of each. ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads that share the batch. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--seconds",
      defaultValue = "3",
      description = "How long to measure, after a third of it to warm up. ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(names = "--json", description = "Write the last line as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    check();
    Compiled compiled = file.compile(file.options(), spec.commandLine().getErr());
    Map<String, Integer> lengths = compiled.cell().sizes(sizes.given());
    Sizes named = new Sizes(new LinkedHashMap<>(sizes.given()));
    double[] times;
    try (Sequential network = Sequential.of(Recurrent.of(compiled.load(), named)).initialise(42);
        Bench bench = new Bench(network, mode, batch, steps, threads)) {
      times = bench.milliseconds(seconds);
    }
    tell(times, flops(compiled, lengths));
    return Exit.OK;
  }

  private void check() {
    if (batch < 1 || steps < 1 || threads < 1 || threads > batch || !(seconds >= 0)) {
      throw new UserError(
          "--batch, --steps and --threads are 1 or more, no more threads than sequences, --seconds"
              + " not negative; found --batch %d --steps %d --threads %d --seconds %s"
                  .formatted(batch, steps, threads, seconds));
    }
  }

  /// Operations of one pass.
  private double flops(Compiled compiled, Map<String, Integer> lengths) {
    long step = Flops.forward(compiled.canonical()).value(lengths);
    if (mode == Mode.TRAIN) {
      step += Flops.backward(compiled.adjoint()).value(lengths);
    }
    return (double) step * steps * batch;
  }

  /// @param times sorted
  private void tell(double[] times, double flops) {
    PrintWriter out = spec.commandLine().getOut();
    double median = times[times.length / 2];
    double gflops = flops / median / 1e6;
    if (json) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("ms", median);
      result.put("min_ms", times[0]);
      result.put("gflops", gflops);
      out.println(Json.of(result));
    } else {
      String line = "%s %s: median %.3f ms, least %.3f ms of %d passes, %.1f GFLOP/s";
      String word = mode.name().toLowerCase(Locale.ROOT);
      Object[] values = {file.shown(), word, median, times[0], times.length, gflops};
      out.println(String.format(Locale.ROOT, line, values));
    }
  }
}
