package dev.sluice.compiler.ast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.AstPrinter;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// No text, however deep, long or malicious, ends in an exception or takes more than two seconds;
/// run with the small stack of a worker thread.
class HostileTextTest {
  private static final int MEBI = 1 << 20;
  private static final long SMALL_STACK = 512 << 10;

  static Stream<Arguments> texts() {
    return Stream.of(
        wrong(
            "10,000 brackets",
            "nested too deep",
            "h_t = " + "(".repeat(10_000) + "x_t" + ")".repeat(10_000)),
        wrong("unbalanced braces", "nested too deep", "h_t = " + "{".repeat(500) + "x"),
        wrong("accents", "nested too deep", "h_t = " + "\\tilde".repeat(3000) + " x"),
        wrong("matrices", "nested too deep", "\\begin{pmatrix}".repeat(20_000)),
        wrong("bars", "nested too deep", "h_t = " + "| ".repeat(1900)),
        wrong("norms", "nested too deep", "h_t = " + "(‖".repeat(MEBI / 4)),
        wrong("tables", "nested too deep", "\\begin{cases}\n".repeat(50_000)),
        wrong("sums of all", "nested too deep", "h_t = " + "∑ ".repeat(1900) + "x_t"),
        wrong("signs", "nested too deep", "h_t = " + "-".repeat(1900) + "x_t"),
        wrong("functions", "nested too deep", "h_t = " + "tanh ".repeat(1900) + "x_t"),
        wrong("a line of 10 MB", "the file is too large", "h_t = " + "x_t + ".repeat(1_700_000)),
        wrong("a line of 1 MB", "the equation is too long", "h_t = " + "x_t + ".repeat(170_000)),
        wrong(
            "a million equations",
            "the file is too large",
            equations(1_000_000).substring(0, MEBI)),
        wrong("NUL bytes", "unexpected character", "h_t = x_t\0\0 + W\0"),
        wrong(
            "repetitions inside one another",
            "an index used twice",
            IntStream.range(0, 4_000)
                .mapToObj(i -> " ".repeat(i % 200) + "for i in 1..9:\n")
                .collect(Collectors.joining())),
        wrong(
            "repetitions of nothing, often",
            "the file is too large",
            "for a in 1..1000: for b in 1..1000: for c in 1..1000: for d in 1..0: h_t = x_t"),
        wrong(
            "repetitions of much",
            "the file is too large",
            "for a in 1..1000: for b in 1..1000: h_{a,b} = x_t"),
        wrong("a long range", "too many repetitions", "for a in 1..100000: h_a = x_t"),
        wrong("a range of a number too long", "not a range", "for a in 1..99999999999: h_a = x_t"),
        wrong(
            "sums of sums",
            "an index used twice",
            "h_t = " + "\\sum_{k=1}^{2}".repeat(100) + " x_{t-k}"),
        wrong(
            "sums of many",
            "the equation is too long",
            "h_t = "
                + IntStream.range(0, 12)
                    .mapToObj(i -> "\\sum_{%c=1}^{9}".formatted('a' + i))
                    .collect(Collectors.joining())
                + " x_{t-a}"),
        wrong(
            "sums deep in one another",
            "nested too deep",
            "h_t = "
                + IntStream.range(0, 18)
                    .mapToObj(i -> "\\sum_{%c=1}^{1}".formatted('a' + i))
                    .collect(Collectors.joining())
                + " x_t"),
        wrong("a lone surrogate", "unexpected character", "h_t = x_t\ud800 + \udc00"),
        wrong("the end of a comment", "something is missing", "h_t = x_t */ 3\n/* hi"),
        wrong("an escape", "unknown LaTeX command", "h_t = \\u0041 x_t \\u002a"),
        wrong("backslashes", "unexpected character", "h_t = " + "\\".repeat(500_001)),
        wrong("garbage", "unexpected character", "§ ".repeat(MEBI / 2)),
        wrong("closing brackets", "unbalanced brackets", ")".repeat(MEBI)),
        wrong("open equations", "unbalanced brackets", "a_t = σ(x_t\n".repeat(80_000)),
        wrong("newlines", "an empty cell", "\n".repeat(MEBI)),
        wrong("dollars", "an empty cell", "$".repeat(MEBI)),
        wrong("commas", "an empty cell", ",".repeat(MEBI)),
        wrong("a long list", "the equation is too long", "input " + "x, ".repeat(300_000)),
        wrong("a long name", "the name is too long", "h_t = " + "W".repeat(MEBI / 2) + " x_t"),
        wrong("primes", "the name is too long", "h_t = x" + "'".repeat(MEBI / 2)),
        wrong("marks", "the name is too long", "h_t = c" + "\u0303".repeat(MEBI / 4)),
        wrong("labels", "the name is too long", "h_t = x" + "_a".repeat(900)),
        wrong("digits", "the number is too large", "h_t = " + "9".repeat(500_000)),
        wrong("sizes", "not a shape", "W ∈ R^{99999999999 × -5}\nh_t = W x_t"),
        wrong("delays", "delay out of range", "h_t = h_{t-999999999999}"),
        right("superscripts", "h_t = x" + "^{x".repeat(45) + "}".repeat(45)),
        right("braced superscripts", "h_t = " + "{x^{".repeat(45) + "a_t" + "}}".repeat(45)),
        right("bold superscripts", "h_t = " + "\\mathbf{x^{".repeat(24) + "a_t" + "}}".repeat(24)),
        right("brackets within the limit", "h_t = " + "(".repeat(99) + "x_t" + ")".repeat(99)),
        right("fractions", "h_t = " + "\\frac{1}{".repeat(49) + "x_t" + "}".repeat(49)),
        right("keywords of Java", "class_t = tanh(int x_t + W class_{t-1} + new)"),
        right("4,900 equations", equations(4_900)));
  }

  private static Arguments wrong(String name, String title, String text) {
    return Arguments.of(name, title, text);
  }

  private static Arguments right(String name, String text) {
    return Arguments.of(name, "", text);
  }

  private static String equations(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "g_{%d,t} = σ(W_{%d} x_t + U h_{t-1} + b) ∘ x_t%n".formatted(i, i))
        .limit(Math.min(count, 30_000))
        .collect(Collectors.joining());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void isAnswered(String name, String title, String text) throws InterruptedException {
    Source source = new Source("test.cell", text);
    Answer answer = answer(source);
    assertThat(answer.outcome.problems().stream().map(Problem::title).findFirst().orElse(""))
        .isEqualTo(title);
    assertThat(answer.outcome.problems()).hasSizeLessThanOrEqualTo(Limits.DEFAULT.problems() + 1);
    assertThat(answer.printed).isNotEmpty();
    assertThat(answer.seconds).as("processor seconds").isLessThan(4);
  }

  @Test
  void randomTextIsAnswered() throws InterruptedException {
    String[] pieces =
        "h_t x_{t-1} = = + - ∘ \\cdot ( ) [ ] { } _ ^ ' , ; : ~ ∈ R^n \\tilde \\mathbf \\frac \\sqrt | \\begin{cases} \\end{cases} & \\\\ \\begin{pmatrix} \\end{pmatrix} tanh σ e 2 0.5 T t let input const init if mod for in 1..2 \\sum_{k=1}^{2} k c̃ ₜ ² \n \n \\quad W"
            .split(" ");
    Random random = new Random(42);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      texts.add(
          IntStream.range(0, 1 + random.nextInt(25))
              .mapToObj(_ -> pieces[random.nextInt(pieces.length)])
              .collect(Collectors.joining(random.nextBoolean() ? " " : "")));
    }
    run(
        () -> {
          for (String text : texts) {
            Source source = new Source("test.cell", text);
            Outcome<Ast.File> outcome = Parse.file(source);
            assertThat(print(source, outcome)).as(text).isNotEmpty();
          }
          return true;
        });
  }

  private record Answer(Outcome<Ast.File> outcome, String printed, double seconds) {}

  private static Answer answer(Source source) throws InterruptedException {
    return run(
        () -> {
          double start = processorSeconds();
          Outcome<Ast.File> outcome = Parse.file(source);
          String printed = print(source, outcome);
          double end = processorSeconds();
          return new Answer(outcome, printed, end - start);
        });
  }

  /// Of the whole process: what other processes take does not count, the just-in-time compiler's
  /// own work does, which is why the bound is four seconds for two of an idle machine.
  private static double processorSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() * 1e-9;
  }

  private static String print(Source source, Outcome<Ast.File> outcome) {
    return outcome.value().map(AstPrinter::print).orElse("")
        + Report.render(source, outcome.problems());
  }

  private static <T> T run(Supplier<T> work) throws InterruptedException {
    List<T> result = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                result.add(work.get());
              } catch (Throwable e) {
                failures.add(e);
              }
            },
            "small stack",
            SMALL_STACK);
    thread.start();
    thread.join();
    assertThat(failures).isEmpty();
    return result.getFirst();
  }
}
