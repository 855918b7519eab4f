package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Dim;

/// A shape whose lengths may be open: variables of [Lengths].
sealed interface Type {
  record Scalar() implements Type {}

  record Vector(Dim length) implements Type {}

  record Matrix(Dim rows, Dim columns) implements Type {}

  /// Of something reported already: fits everywhere.
  record Broken() implements Type {}

  Type SCALAR = new Scalar();
  Type BROKEN = new Broken();
}
