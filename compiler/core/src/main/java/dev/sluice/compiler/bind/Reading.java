package dev.sluice.compiler.bind;

import java.util.List;

/// What a product of factors side by side means: decided by what the factors are, once its scalars
/// are set apart.
enum Reading {
  /// nothing but scalars
  SCALARS,
  /// vectors side by side
  ELEMENTWISE,
  /// `W h`, `P W h`
  COLUMN,
  /// `x W`: `Wᵀ x`
  ROW,
  /// `wᵀ h`, `wᵀ A h`: a number
  INNER,
  /// `A B`
  MATRICES,
  /// `v kᵀ`, `A v kᵀ B`: a column times a row
  OUTER,
  AMBIGUOUS;

  enum Kind {
    MATRIX,
    VECTOR,
    /// a vector written transposed
    TRANSPOSED
  }

  /// @param factors without scalars
  static Reading of(List<Kind> factors) {
    if (factors.isEmpty()) {
      return SCALARS;
    }
    long vectors = factors.stream().filter(k -> k != Kind.MATRIX).count();
    Kind first = factors.getFirst();
    Kind last = factors.getLast();
    if (vectors == 0) {
      return MATRICES;
    }
    if (factors.size() == 1 || factors.stream().allMatch(k -> k == Kind.VECTOR)) {
      return ELEMENTWISE;
    }
    if (vectors == 1) {
      return first != Kind.MATRIX ? ROW : last == Kind.VECTOR ? COLUMN : AMBIGUOUS;
    }
    if (vectors == 2 && first == Kind.TRANSPOSED && last == Kind.VECTOR) {
      return INNER;
    }
    int row = factors.indexOf(Kind.TRANSPOSED);
    boolean outer = vectors == 2 && row > 0 && factors.get(row - 1) == Kind.VECTOR;
    return outer ? OUTER : AMBIGUOUS;
  }
}
