package dev.sluice.compiler.generate;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What all parts of one generated class share: the schedule and the names given so far.
///
/// @param schedule what is generated
/// @param names Java names
/// @param lengths Java expressions for lengths
/// @param precise whether σ and tanh are within 2 ulp
/// @param timeless whether it computes weights, which have no time
record Context(Schedule schedule, Names names, Lengths lengths, boolean precise, boolean timeless) {
  /// Vectors of sums that go through products together, then through elementwise work: what one
  /// row's tiles take side by side, and for each row some lines of memory one after another. With
  /// one block of units at a time, training an LSTM of 32x256 takes a tenth longer.
  static final int VECTORS_TOGETHER = 16;

  static Context of(Schedule schedule, boolean precise) {
    return of(schedule, precise, false);
  }

  /// That of the code which computes weights.
  static Context ofWeights(Schedule weights, boolean precise) {
    return of(weights, precise, true);
  }

  private static Context of(Schedule schedule, boolean precise, boolean timeless) {
    Set<Symbol> symbols = new LinkedHashSet<>();
    schedule.cell().inputs().forEach(i -> symbols.add(i.symbol()));
    schedule.cell().masks().forEach(m -> symbols.add(m.symbol()));
    schedule.cell().equations().forEach(e -> symbols.add(e.target()));
    schedule.cell().coefficients().forEach(p -> symbols.add(p.symbol()));
    schedule.adjoint().equations().forEach(e -> symbols.add(e.target()));
    Names names = new Names(symbols);
    return new Context(schedule, names, new Lengths(names), precise, timeless);
  }

  /// A formula as a comment.
  String comment(String formula) {
    return Comments.safe(timeless ? Notation.timeless(formula) : formula);
  }

  String comment(Equation derived) {
    return comment(Notation.equation(derived));
  }

  Schedule.BufferPlan buffer(int index) {
    return schedule.buffers().get(index);
  }

  String bufferConstant(int index) {
    return names.bufferConstant(index, buffer(index).name());
  }

  String scratchConstant() {
    return names.get("buffer scratch", "SCRATCH");
  }

  /// Where left operands of products are laid out.
  String leftConstant() {
    return names.get("buffer left", "LEFT");
  }

  /// The gradients of weights.
  String outerProducts() {
    return names.get("outer products", "outer_products");
  }

  /// Where their operands are laid out.
  String outerConstant() {
    return names.get("buffer outer", "OUTER");
  }

  int packedIndex(Schedule.Packed piece) {
    return schedule.packed().indexOf(piece);
  }

  /// The field that says where a piece of the packed weights is: a panel, or a vector's byte
  /// offset.
  String packedField(int index) {
    String name =
        switch (schedule.packed().get(index)) {
          case Schedule.Panel(List<List<Expr>> parts) ->
              "panel_" + spelled(parts.stream().flatMap(List::stream).toList());
          case Schedule.Bias(_, List<List<Expr>> terms) ->
              "bias_" + spelled(terms.stream().flatMap(List::stream).toList());
          case Schedule.Coefficient(Expr parameter) -> spelled(List.of(parameter)) + "_at";
        };
    return names.get("packed " + index, name);
  }

  private static String spelled(List<Expr> parameters) {
    List<String> parts = new ArrayList<>();
    parameters.forEach(p -> parts.add(spelled(p)));
    String all = String.join("_", new LinkedHashSet<>(parts));
    return all.length() <= 48 ? all : parts.getFirst() + "_and_" + (parts.size() - 1);
  }

  private static String spelled(Expr parameter) {
    return switch (parameter) {
      case Expr.Parameter(Symbol symbol, _) -> symbol.plain();
      case Expr.Slice(Expr x, _, _, _) -> spelled(x);
      case Expr.Transpose(Expr x) -> spelled(x) + "T";
      default -> throw new IllegalStateException("not a weight: " + parameter);
    };
  }

  /// Least number of blocks whose slots fill whole panels of two vectors.
  static int blocksPerPanel(int slots) {
    return slots % 2 == 0 ? 1 : 2;
  }
}
