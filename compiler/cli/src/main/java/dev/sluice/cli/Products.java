package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.analysis.Count;
import dev.sluice.compiler.analysis.Flops;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import dev.sluice.runtime.WeightFormat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The matrix work of one step of one sequence, a multiplication and an addition for each element:
/// what waits for the step before, and what can be done for all steps at once.
///
/// @param recurrent operations of products that a later step's operand depends on, forward
/// @param recurrentBackward operations of their transposes on the way back
/// @param free operations of all other forward products
/// @param freeBackward operations of all other backward ones: ∂L/∂x and the weights' gradients
/// @param recurrentWeights floats that the recurrent products read at every step
record Products(
    Count recurrent,
    Count recurrentBackward,
    Count free,
    Count freeBackward,
    Count recurrentWeights) {

  static Products of(Compiled compiled) {
    Cell cell = compiled.canonical();
    Set<Expr> weights = new LinkedHashSet<>();
    Count recurrent = Count.ZERO;
    Count free = Count.ZERO;
    for (Equation equation : cell.equations()) {
      for (Expr.MatMul product : products(equation.value()).toList()) {
        if (dependsOn(cell, product.b(), equation.target())) {
          weights.add(untransposed(product.a()));
          recurrent = recurrent.plus(flops(product));
        } else {
          free = free.plus(flops(product));
        }
      }
    }
    Count recurrentBackward = Count.ZERO;
    Count freeBackward = Count.ZERO;
    for (Equation equation : compiled.adjoint().equations()) {
      for (Expr.MatMul product : products(equation.value()).toList()) {
        if (weights.contains(untransposed(product.a()))) {
          recurrentBackward = recurrentBackward.plus(flops(product));
        } else {
          freeBackward = freeBackward.plus(flops(product));
        }
      }
    }
    Count gradients =
        compiled.adjoint().accumulations().stream()
            .filter(a -> a.contribution() instanceof Expr.Outer)
            .map(a -> Flops.size(a.contribution()).times(2))
            .reduce(Count.ZERO, Count::plus);
    return new Products(
        recurrent,
        recurrentBackward,
        free,
        freeBackward.plus(gradients),
        weights.stream().map(Flops::size).reduce(Count.ZERO, Count::plus));
  }

  private static Stream<Expr.MatMul> products(Expr e) {
    Stream<Expr.MatMul> here =
        e instanceof Expr.MatMul product ? Stream.of(product) : Stream.empty();
    return Stream.concat(here, Operands.of(e).stream().flatMap(Products::products));
  }

  private static Count flops(Expr.MatMul product) {
    return Flops.size(product.a()).times(2);
  }

  private static Expr untransposed(Expr weight) {
    return weight instanceof Expr.Transpose(Expr x) ? x : weight;
  }

  /// Whether a value of this step or an earlier one goes into an operand, at whatever distance.
  private static boolean dependsOn(Cell cell, Expr operand, Symbol target) {
    Set<Symbol> seen = new HashSet<>();
    Deque<Symbol> open = new ArrayDeque<>();
    Operands.values(operand, value -> open.add(value.symbol()));
    while (!open.isEmpty()) {
      Symbol symbol = open.pop();
      if (symbol.equals(target)) {
        return true;
      }
      if (seen.add(symbol)) {
        cell.equation(symbol)
            .ifPresent(e -> Operands.values(e.value(), value -> open.add(value.symbol())));
      }
    }
    return false;
  }

  /// For given sizes.
  Numbers numbers(Map<String, Integer> sizes) {
    return new Numbers(
        recurrent.value(sizes),
        recurrentBackward.value(sizes),
        free.value(sizes),
        freeBackward.value(sizes),
        recurrentWeights.value(sizes) * (long) Float.BYTES);
  }

  /// The same as numbers.
  ///
  /// @param recurrentBytes of the weights that every step reads
  record Numbers(
      double recurrent,
      double recurrentBackward,
      double free,
      double freeBackward,
      double recurrentBytes) {

    /// The same with weights in another format.
    Numbers as(WeightFormat format) {
      double bytes = recurrentBytes * format.bytes() / WeightFormat.FLOAT32.bytes();
      return new Numbers(recurrent, recurrentBackward, free, freeBackward, bytes);
    }

    /// Operations of one step of one sequence.
    double operations(BenchCommand.Mode mode) {
      return switch (mode) {
        case INFER -> recurrent + free;
        case TRAIN -> recurrent + free + recurrentBackward + freeBackward;
      };
    }

    /// Operations of the recurrent products, for each time that time is walked through.
    List<Double> walks(BenchCommand.Mode mode) {
      return switch (mode) {
        case INFER -> List.of(recurrent);
        case TRAIN -> List.of(recurrent, recurrentBackward);
      };
    }
  }
}
