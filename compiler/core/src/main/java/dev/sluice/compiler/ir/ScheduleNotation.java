package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Schedule.BufferPlan;
import dev.sluice.compiler.ir.Schedule.Family;
import dev.sluice.compiler.ir.Schedule.Line;
import dev.sluice.compiler.ir.Schedule.Pass;
import dev.sluice.compiler.ir.Schedule.Rows;
import dev.sluice.compiler.ir.Schedule.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Prints a [Schedule] for people: what runs before, in and after the loop over time, and how.
///
///     before:  z⁰ = V x_t + b               product  [T·B, n]
///     step t:  z_t = W h_{t-1} + z⁰_t       product  panel of 1
///              h_t = tanh(z_t)              map      every step kept
public final class ScheduleNotation {
  private static final int EQUATION_WIDTH = 56;

  private final Schedule schedule;
  private final Function<BufferPlan, Rows> rows;
  private final Pass pass;
  private final StringBuilder text = new StringBuilder();

  private ScheduleNotation(Schedule schedule, Pass pass, Function<BufferPlan, Rows> rows) {
    this.schedule = schedule;
    this.rows = rows;
    this.pass = pass;
  }

  /// Forward in training and backward, a paragraph each.
  public static String print(Schedule schedule) {
    return "forward\n"
        + new ScheduleNotation(schedule, schedule.training(), BufferPlan::training).pass()
        + "backward\n"
        + new ScheduleNotation(schedule, schedule.backward(), BufferPlan::training).pass();
  }

  /// The forward pass that keeps nothing for a backward one.
  public static String inference(Schedule schedule) {
    return new ScheduleNotation(schedule, schedule.inference(), BufferPlan::inference).pass();
  }

  private record Row(String equation, String kind, String note) {}

  private String pass() {
    section("before:", pass.before().stream().flatMap(this::rows).toList());
    section("step t:", pass.step().stream().flatMap(this::rows).toList());
    List<Row> after = new ArrayList<>(pass.after().stream().flatMap(this::rows).toList());
    for (Adjoint.Accumulation a : pass.accumulations()) {
      after.add(row(Notation.accumulation(a), "sum", "over all steps"));
    }
    section("after:", after);
    return text.toString();
  }

  private void section(String name, List<Row> lines) {
    String label = name;
    for (Row line : lines) {
      String equation =
          line.equation + " ".repeat(Math.max(2, EQUATION_WIDTH - width(line.equation)));
      text.append(
          "  %-9s%s%-9s%s".formatted(label, equation, line.kind, line.note).stripTrailing());
      text.append('\n');
      label = "";
    }
  }

  /// Columns on a screen: combining accents take none.
  private static int width(String line) {
    return (int)
        line.codePoints().filter(c -> Character.getType(c) != Character.NON_SPACING_MARK).count();
  }

  private static Row row(String equation, String kind, String note) {
    return new Row(equation, kind, note);
  }

  private Stream<Row> rows(Stage stage) {
    return switch (stage) {
      case Schedule.RowWork(Equation e) ->
          Stream.of(row(Notation.equation(e), "row", kept(e.target())));
      case Schedule.Tiles(_, List<Family> families, List<Line> lines, List<Line> ends) ->
          Stream.concat(
              families.stream().flatMap(this::products),
              Stream.concat(lines.stream(), ends.stream())
                  .filter(line -> !line.fromFamily() && !(isNameless(line) && !line.stored()))
                  .map(
                      line ->
                          row(
                              shown(line),
                              line.isTotal() || line.isMatrixTotal() ? "total" : "map",
                              note(line))));
    };
  }

  /// Whether the value's name is what it computes: `tanh(c_t) = tanh(c_t)`.
  private static boolean isNameless(Line line) {
    String value = Notation.expression(line.equation().value());
    return Notation.expression(line.equation().now()).equals(value);
  }

  private static String shown(Line line) {
    return isNameless(line)
        ? Notation.expression(line.equation().value())
        : Notation.equation(line.equation());
  }

  private Stream<Row> products(Family family) {
    List<Row> lines = new ArrayList<>();
    for (int slot = 0; slot < family.slots(); slot++) {
      Symbol target = family.targets().get(slot);
      String note = "panel of " + family.slots();
      if (pass.joinable().containsValue(family)) {
        note += ", from " + Schedule.JOIN_ROWS + " sequences on in the loop";
      }
      String place = family.into().isPresent() ? kept(target) : "";
      lines.add(row(sum(family, slot), "product", place.isEmpty() ? note : note + ", " + place));
    }
    return lines.stream();
  }

  private String sum(Family family, int slot) {
    Symbol target = family.targets().get(slot);
    List<Expr> terms = new ArrayList<>();
    Schedule.Panel panel = (Schedule.Panel) schedule.packed().get(family.panel());
    for (int i = 0; i < family.operands().size(); i++) {
      Expr weight = panel.weight(family.firstPart() + i, slot);
      terms.add(new Expr.MatMul(weight, family.operands().get(i)));
    }
    switch (family.start()) {
      case Schedule.FromZero() -> {}
      case Schedule.FromBias(int bias) ->
          terms.addAll(((Schedule.Bias) schedule.packed().get(bias)).terms().get(slot));
      case Schedule.FromHoisted(int buffer) ->
          terms.add(
              new Expr.Value(
                  schedule.buffers().get(buffer).symbols().get(slot), 0, terms.getFirst().shape()));
    }
    return Notation.equation(new Equation(target, new Expr.Sum(terms), Origin.NONE));
  }

  private String note(Line line) {
    return line.stored() ? kept(line.equation().target()) : "";
  }

  private String kept(Symbol symbol) {
    Schedule.Place place = pass.places().get(symbol);
    if (place == null) {
      return "";
    }
    return switch (rows.apply(schedule.buffers().get(place.buffer()))) {
      case NONE -> "";
      case STEP -> "this step kept";
      case RING -> "two steps kept";
      case SEQUENCE, STATE_SEQUENCE -> "every step kept";
    };
  }
}
