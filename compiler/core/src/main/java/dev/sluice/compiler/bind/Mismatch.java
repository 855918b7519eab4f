package dev.sluice.compiler.bind;

import java.util.Optional;

/// What to tell when two lengths are not equal.
sealed interface Mismatch {
  /// Parts of a sum, or of an elementwise product or function, in the order of the text.
  ///
  /// @param blameLeft whether the left one departs from the others
  record Elementwise(Term whole, Term left, Term right, boolean blameLeft) implements Mismatch {}

  /// `W h`, or `x W` if `transposed`.
  ///
  /// @param because where else the matrix is used, which fixed its shape
  record OfProduct(
      Term.Product whole,
      Term matrix,
      boolean transposed,
      Term operand,
      Optional<Term.Product> because)
      implements Mismatch {}

  /// A sum or product of matrices.
  record Matrices(Term whole, Term left, Term right) implements Mismatch {}

  record OfDefinition(Definition definition) implements Mismatch {}

  record Stacked(Term.Piece piece) implements Mismatch {}
}
