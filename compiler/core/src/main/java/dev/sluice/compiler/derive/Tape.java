package dev.sluice.compiler.derive;

import dev.sluice.compiler.derive.Derivatives.Part;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Concat;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Collects the parts of each value's gradient until all its uses have been seen.
final class Tape {
  private record Segment(Dim from, Dim length, Expr gradient) {
    Dim end() {
      return from.plus(length);
    }
  }

  private final Map<Value, List<Expr>> parts = new HashMap<>();
  private final Map<Value, List<Segment>> segments = new HashMap<>();

  /// A part of the gradient of a value or of rows of one.
  void add(Value value, Part part) {
    if (part.operand() instanceof Slice(Expr _, Axis _, Dim from, Dim length)) {
      segments
          .computeIfAbsent(value, _ -> new ArrayList<>())
          .add(new Segment(from, length, part.gradient()));
    } else {
      parts.computeIfAbsent(value, _ -> new ArrayList<>()).add(fitted(part));
    }
  }

  /// The terms of ∂L/∂value, each of its shape.
  List<Expr> gradient(Value value) {
    List<Expr> terms = new ArrayList<>(parts.getOrDefault(value, List.of()));
    List<Segment> open = new ArrayList<>(segments.getOrDefault(value, List.of()));
    while (!open.isEmpty()) {
      List<Segment> chain = chain(open, length(value));
      open.removeAll(chain);
      terms.add(stacked(value, chain));
    }
    return terms;
  }

  /// The gradient in the shape of the operand: summed where the operand was spread, spread where it
  /// was reduced.
  static Expr fitted(Part part) {
    boolean toScalar = part.operand().shape() instanceof Scalar;
    boolean fromScalar = part.gradient().shape() instanceof Scalar;
    if (toScalar == fromScalar) {
      return part.gradient();
    }
    return toScalar
        ? new Reduce(ReduceOp.SUM, part.gradient())
        : Maths.spread(part.gradient(), part.operand());
  }

  /// Segments that lie one behind the other and fill the whole vector, else the first one.
  private static List<Segment> chain(List<Segment> open, Dim total) {
    List<Segment> chain = new ArrayList<>();
    Dim end = Dim.ZERO;
    while (!end.equals(total)) {
      Dim position = end;
      var next =
          open.stream().filter(s -> s.from().equals(position) && !chain.contains(s)).findFirst();
      if (next.isEmpty()) {
        return List.of(open.getFirst());
      }
      chain.add(next.get());
      end = next.get().end();
    }
    return chain;
  }

  /// Segments that lie one behind the other, with zeros around them.
  private static Expr stacked(Value value, List<Segment> chain) {
    List<Expr> stack = new ArrayList<>();
    Dim first = chain.getFirst().from();
    Dim last = chain.getLast().end();
    if (!first.equals(Dim.ZERO)) {
      stack.add(Maths.zeros(new Slice(value, Axis.ROWS, Dim.ZERO, first)));
    }
    chain.forEach(segment -> stack.add(segment.gradient()));
    if (!last.equals(length(value))) {
      stack.add(Maths.zeros(new Slice(value, Axis.ROWS, last, length(value).minus(last))));
    }
    return new Concat(stack);
  }

  private static Dim length(Value value) {
    return ((Vector) value.shape()).length();
  }
}
