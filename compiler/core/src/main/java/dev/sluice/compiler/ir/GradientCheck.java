package dev.sluice.compiler.ir;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Derived gradients against central differences, both in double, of the loss Σ output∘g + Σ
/// final∘g at a random point.
///
/// The relative error of a number is |a − b| / max(|a|, |b|, s), where s is the root mean square of
/// the tensor's gradient, or 1e-5 of the loss's terms if that is more: a gradient that is 0 has no
/// relative error. The differences are of fourth order (five points); one that crosses a kink of
/// relu, max, abs … is taken closer, and skipped if it still crosses.
///
/// @param lines one per parameter, input and initial state
public record GradientCheck(List<Line> lines) {
  /// The largest relative error that passes.
  public static final double THRESHOLD = 1e-6;

  private static final int POINTS = 10;

  public enum Kind {
    PARAMETER,
    INPUT,
    INITIAL_STATE
  }

  /// One tensor.
  ///
  /// @param name plain
  /// @param error the largest relative error; infinite when a number is not finite
  /// @param checked how many of its numbers were compared
  /// @param skipped how many differences crossed a kink
  public record Line(Kind kind, String name, double error, int checked, int skipped) {
    public boolean pass() {
      return checked > 0 && error <= THRESHOLD;
    }
  }

  public GradientCheck {
    lines = List.copyOf(lines);
  }

  /// Checks three sequences of 5, 4 and 2 steps.
  ///
  /// @param sizes by variable or dimension name, `x=4, h=5`
  /// @param seed of the point; another point is taken when this one has a value that is not finite
  ///     or differences of some tensor all cross kinks
  public static GradientCheck of(Adjoint adjoint, Map<String, Integer> sizes, long seed) {
    return of(adjoint, sizes, List.of(5, 4, 2), seed);
  }

  /// @param lengths steps of each sequence
  public static GradientCheck of(
      Adjoint adjoint, Map<String, Integer> sizes, List<Integer> lengths, long seed) {
    if (lengths.stream().noneMatch(length -> length > 0)) {
      throw new IllegalArgumentException(
          "a gradient check needs at least one step, not " + lengths);
    }
    Interpreter interpreter = Interpreter.of(adjoint.cell(), sizes);
    GradientCheck check = new DifferenceProbe(adjoint, interpreter, lengths, seed).check();
    for (int point = 1; point < POINTS && !check.isConclusive(); point++) {
      check = new DifferenceProbe(adjoint, interpreter, lengths, seed + point).check();
    }
    return check;
  }

  private boolean isConclusive() {
    return lines.stream().allMatch(line -> line.checked() > 0 && Double.isFinite(line.error()));
  }

  public boolean pass() {
    return lines.stream().allMatch(Line::pass);
  }

  /// A line per tensor: `PASS  parameter      W_f      1.2e-10`.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (Line line : lines) {
      String kind = line.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      String skipped =
          line.skipped() == 0 ? "" : "  (" + line.skipped() + " across a kink skipped)";
      out.append(
          String.format(
              Locale.ROOT,
              "%s  %-13s  %-12s  %.1e%s\n",
              line.pass() ? "PASS" : "FAIL",
              kind,
              line.name(),
              line.error(),
              skipped));
    }
    return out.toString();
  }
}
