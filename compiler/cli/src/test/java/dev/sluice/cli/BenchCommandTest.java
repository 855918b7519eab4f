package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.BenchCommand.Mode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The questions that `bench` answers beside the time of a pass.
class BenchCommandTest {
  @TempDir private Path folder;
  private Path rnn;

  @BeforeEach
  void writeCell() throws IOException {
    rnn =
        Files.writeString(
            folder.resolve("rnn.cell"), "input x, u\nh_t = tanh(V x_t + W h_{t-1} + U u_t + b)\n");
  }

  @Test
  void roofline() {
    for (String mode : List.of("infer", "train")) {
      assertThat(bench("--roofline", "--mode", mode, "--seconds", "0.01", "--json"))
          .contains("\"roofline_ms\": ", "\"reached\": ", "\"recurrent_level\": \"L1\"")
          .contains("\"loads\": [{\"level\": \"L1\", \"footprint\": ")
          .startsWith("{\"ms\": ");
    }
    assertThat(bench("--roofline", "--seconds", "0.01", "--threads", "2"))
        .contains("batch 4, 3 steps, 2 threads\n", "limits of 2 cores")
        .contains("products  ", "recurrent weights  ", "time of a pass  ");
  }

  @Test
  void latencyOfAMillionStepsOrFewer() {
    assertThat(bench("--latency", "--steps-measured", "2500", "--seconds", "0", "--json"))
        .matches(
            "\\{\"steps\": 2500, \"p50_us\": \\S+, \"p99_us\": \\S+, \"p999_us\": \\S+, \"max_us\":"
                + " \\S+, \"bytes_per_step\": \\S+}\n");
  }

  @Test
  void latencyInMicroseconds() {
    Histogram nanoseconds = new Histogram(10_000_000_000L, 3);
    nanoseconds.recordValueWithCount(2000, 990);
    nanoseconds.recordValueWithCount(4000, 9);
    nanoseconds.recordValue(50_000);
    BenchSetting setting = new BenchSetting("rnn.cell", Mode.INFER, Map.of("h", 5), 1, 100, 1);
    LatencyReport report = new LatencyReport(setting, nanoseconds, 24_000);
    assertThat(report.text())
        .startsWith("rnn.cell, h=5, batch 1: 1000 single steps\n")
        .containsPattern("p50 +2\\.00 µs")
        .containsPattern("p99 +2\\.00 µs")
        .containsPattern("p99\\.9 +4\\.00 µs, 2\\.0 times p50")
        .containsPattern("max +50\\.0\\d µs")
        .containsPattern("heap +24\\.00 bytes per step");
    assertThat(report.json()).containsEntry("steps", 1000L).containsEntry("bytes_per_step", 24.0);
  }

  @Test
  void startup() {
    assertThat(bench("--startup", "--seconds", "0", "--json"))
        .matches(
            "\\{\"first_ms\": \\S+, \"steady_ms\": \\S+, \"archive_first_ms\": \\S+,"
                + " \"archive_steady_ms\": \\S+, \"pass_ms\": \\S+, \"to_java_ms\": \\S+,"
                + " \"to_java_warm_ms\": \\S+, \"to_class_ms\": \\S+, \"to_class_warm_ms\":"
                + " \\S+}\n");
  }

  @Test
  void oneQuestionAtATime() {
    Result result = run("bench", rnn, "--size", "x=3,h=5,u=2", "--latency", "--startup");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--latency, --startup are mutually exclusive");
    result = run("bench", rnn, "--size", "x=3,h=5,u=2", "--latency", "--threads", "2");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--latency and --startup measure one thread");
  }

  @Test
  void accuracyOfEveryFormat() {
    assertThat(bench("--accuracy", "--json"))
        .matches(
            "\\{\"output_rms\": 0\\.[0-9]+, \"fp32\": \\{\"max_error\": [0-9.]+E-(7|8|9),"
                + " \"rms_error\": [0-9.]+E-(7|8|9)}, \"bf16\": \\{\"max_error\": \\S+, \"rms_error\":"
                + " \\S+}, \"int8\": \\{\"max_error\": \\S+, \"rms_error\": \\S+}}\n");
    assertThat(bench("--accuracy"))
        .contains("batch 4, 3 steps, 1 thread: outputs of RMS 0.")
        .containsPattern("\n  fp32  +[0-9.]+e-0[789]  ")
        .containsPattern("\n  bf16  +[0-9.]+e-0[34]  ")
        .containsPattern("\n  int8  +[0-9.]+e-0[234]  ");
  }

  @Test
  void weightsInFewerBits() {
    assertThat(bench("--weights-as", "bf16", "--seconds", "0")).contains("rnn.cell infer bf16: ");
    assertThat(
            bench("--weights-as", "int8", "--seconds", "0", "--latency", "--steps-measured", "9"))
        .contains("9 single steps");
    assertThat(bench("--weights-as", "int8", "--seconds", "0.01", "--roofline"))
        .contains("recurrent weights");
    refused("'int4' is no format of weights: expected fp32, bf16 or int8", "--weights-as", "int4");
    refused("--weights-as int8 is for inference", "--weights-as", "int8", "--mode", "train");
    refused("no --accuracy, which reports on every format", "--weights-as", "bf16", "--accuracy");
    refused("--accuracy is about inference", "--mode", "train", "--accuracy");
  }

  private void refused(String message, Object... options) {
    List<Object> words = new ArrayList<>(List.of("bench", rnn, "--size", "x=3,h=5,u=2"));
    words.addAll(List.of(options));
    Result result = run(words.toArray());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(message).doesNotContain("Exception");
  }

  private String bench(Object... options) {
    List<Object> words = new ArrayList<>(List.of("bench", rnn, "--size", "x=3,h=5,u=2"));
    words.addAll(List.of("--batch", "4", "--steps", "3"));
    words.addAll(List.of(options));
    Result result = run(words.toArray());
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return result.out();
  }

  private record Result(int code, String out, String err) {}

  private static Result run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> words = new ArrayList<>();
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), words.toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }
}
