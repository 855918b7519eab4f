package dev.sluice.cli;

import dev.sluice.cli.ceilings.Ceilings;
import dev.sluice.cli.ceilings.Measurement;
import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.analysis.Flops;
import dev.sluice.compiler.report.Source;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.spi.Lanes;
import dev.sluice.runtime.spi.Team;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
  /// Of the time that the cell is measured: there are five ceilings, measured twice.
  private static final double CEILING_PART = 0.1;

  private static final int REPEATS = 3;

  /// What is timed.
  enum Mode {
    INFER,
    TRAIN
  }

  /// What to find out, if not the time of a pass.
  static final class Question {
    @Option(
        names = "--roofline",
        description = {
          "The time beside this machine's limits, measured in the same run: multiply-adds in"
              + " registers, and loads from each cache and from memory. Products only are counted."
        })
    boolean roofline;

    @Option(
        names = "--latency",
        description =
            "Single steps of a session that keeps its states: percentiles, and heap per step.")
    boolean latency;

    @Option(
        names = "--startup",
        description = {
          "Time from process start to the first pass's end and to full speed, of programs with the"
              + " class compiled ahead and this JVM's flags; and how long the cell compiles."
        })
    boolean startup;

    @Option(
        names = "--accuracy",
        description = {
          "Outputs against those in double precision, with the weights in each format: largest and"
              + " root mean square errors. --batch 1 --steps 20 will do; double precision is slow."
        })
    boolean accuracy;
  }

  @Mixin private CellFile file;
  @Mixin private SizeOptions sizes;
  @Mixin private MemoryOption memory;
  @Mixin private WeightsOption weights;

  @Option(names = "--mode", defaultValue = "infer", description = "${COMPLETION-CANDIDATES}.")
  private Mode mode;

  @Option(names = "--batch", defaultValue = "32", description = "Sequences. ${DEFAULT-VALUE}.")
  private int batch;

  @Option(names = "--steps", defaultValue = "100", description = "Of each. ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads that share out each pass. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--seconds",
      defaultValue = "3",
      description = "How long to measure, after a third of it to warm up. ${DEFAULT-VALUE}.")
  private double seconds;

  @ArgGroup private Question question = new Question();

  @Option(
      names = "--steps-measured",
      defaultValue = "1000000",
      description = "Steps that --latency measures. ${DEFAULT-VALUE}.")
  private int measured;

  @Option(names = "--json", description = "Write the last line as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    check();
    PrintWriter err = spec.commandLine().getErr();
    Source source = file.source();
    long start = System.nanoTime();
    Compiled compiled = file.accept(source, Pipeline.compile(source, file.options()), err);
    double compiling = (System.nanoTime() - start) / 1e6;
    Map<String, Integer> lengths = compiled.cell().sizes(sizes.given());
    BenchReport report =
        question.startup ? startup(source, compiled, compiling) : measure(compiled, lengths);
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? Json.of(report.json()) : report.text());
    return Exit.OK;
  }

  private void check() {
    if (batch < 1 || steps < 1 || threads < 1 || threads > Team.MOST || !(seconds >= 0)) {
      throw new UserError(
          "--batch, --steps and --threads are 1 or more, at most 1024 threads, --seconds"
              + " not negative; found --batch %d --steps %d --threads %d --seconds %s"
                  .formatted(batch, steps, threads, seconds));
    }
    if (weights.narrow() && (mode == Mode.TRAIN || question.startup || question.accuracy)) {
      throw new UserError(
          "--weights-as %s is for inference, and for measuring its time: expected no --mode train, no"
                  .formatted(WeightsOption.word(weights.format()))
              + " --startup, and no --accuracy, which reports on every format");
    }
    if (mode == Mode.TRAIN && question.accuracy) {
      throw new UserError("--accuracy is about inference: expected no --mode train");
    }
    if (measured < 1) {
      throw new UserError("--steps-measured is 1 or more, found " + measured);
    }
    if ((question.latency || question.startup) && threads > 1) {
      throw new UserError("--latency and --startup measure one thread, found --threads " + threads);
    }
  }

  private BenchSetting setting() {
    return new BenchSetting(file.shown(), mode, sizes.given(), batch, steps, threads);
  }

  private BenchReport measure(Compiled compiled, Map<String, Integer> lengths) {
    Sizes named = new Sizes(new LinkedHashMap<>(sizes.given()));
    try (Sequential network = Sequential.of(Recurrent.of(compiled.load(), named)).initialise(42)) {
      if (question.latency) {
        return latency(network);
      }
      if (question.accuracy) {
        return accuracy(network, compiled, lengths);
      }
      return question.roofline
          ? roofline(network, Products.of(compiled).numbers(lengths).as(weights.format()))
          : timing(network, flops(compiled, lengths));
    }
  }

  private Timing timing(Sequential network, double operations) {
    try (Bench bench = bench(network)) {
      double[] times = bench.milliseconds(seconds);
      return new Timing(word(), times, operations, bench.memory());
    }
  }

  private Bench bench(Sequential network) {
    return new Bench(network, mode, batch, steps, threads, memory.limit(), weights.format());
  }

  private String word() {
    String format = weights.narrow() ? " " + WeightsOption.word(weights.format()) : "";
    return file.shown() + " " + mode.name().toLowerCase(Locale.ROOT) + format;
  }

  /// Operations of one pass.
  private double flops(Compiled compiled, Map<String, Integer> lengths) {
    long step = Flops.forward(compiled.canonical()).value(lengths);
    if (mode == Mode.TRAIN) {
      step += Flops.backward(compiled.adjoint()).value(lengths);
    }
    return (double) step * steps * batch;
  }

  private double[] times(Sequential network) {
    try (Bench bench = bench(network)) {
      return bench.milliseconds(seconds);
    }
  }

  private BenchReport roofline(Sequential network, Products.Numbers products) {
    if (!Lanes.VECTORS) {
      throw new UserError(
          "--roofline needs Java's --add-modules jdk.incubator.vector, and no -Dsluice.vector=off");
    }
    try (Measurement machine = new Measurement(threads, seconds * CEILING_PART)) {
      Ceilings before = machine.measure();
      double[] times = times(network);
      // Once more, as a machine may get slower or faster meanwhile.
      Ceilings ceilings = before.or(machine.measure());
      Roofline roofline = Roofline.of(products, mode, batch, steps, ceilings);
      return new RooflineReport(setting(), times[times.length / 2], roofline, ceilings);
    }
  }

  private BenchReport latency(Sequential network) {
    try (Latency latency = new Latency(network, batch, weights.format())) {
      Latency.Result result = latency.measure(measured, seconds / 3);
      return new LatencyReport(setting(), result.nanoseconds(), result.bytes());
    }
  }

  private BenchReport accuracy(
      Sequential network, Compiled compiled, Map<String, Integer> lengths) {
    var data = Bench.data(network, steps, batch, new SplittableRandom(42));
    try (var _ = Progress.unknown("computing in double precision")) {
      Accuracy accuracy = new Accuracy(compiled, network, lengths, data);
      return new AccuracyReport(setting(), accuracy.size(), accuracy.measure(threads));
    }
  }

  private BenchReport startup(Source source, Compiled compiled, double compiling) {
    var toJava = compilation(compiling, () -> Pipeline.compile(source, file.options()));
    long start = System.nanoTime();
    compiled.load();
    var toClass = compilation((System.nanoTime() - start) / 1e6, compiled::load);
    try (Startup startup = new Startup(compiled, setting())) {
      Startup.Run plain = startup.measure(REPEATS, seconds, false);
      Startup.Run archived = startup.measure(REPEATS, seconds, true);
      return new StartupReport(setting(), toJava, toClass, plain, archived);
    }
  }

  private static StartupReport.Compilation compilation(double cold, Runnable again) {
    double[] times = new double[2 * REPEATS];
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      again.run();
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    // The later half: the compiler gets faster as it is used.
    double[] later = Arrays.copyOfRange(times, REPEATS, times.length);
    Arrays.sort(later);
    return new StartupReport.Compilation(cold, later[later.length / 2]);
  }
}
