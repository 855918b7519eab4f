package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Shape;
import java.util.List;

/// A factor of a [Polynomial].
///
/// @param arguments numbers of polynomials in their [Terms]; none for a leaf
record Atom(Head head, List<Integer> arguments, Shape shape) {
  Atom {
    arguments = List.copyOf(arguments);
  }
}
