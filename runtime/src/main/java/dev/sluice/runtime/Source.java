package dev.sluice.runtime;

/// What a cell reads at every step: rows of the network's, or an input where the caller has it.
sealed interface Source permits Rows, Given {
  /// Floats of one row.
  int length();

  /// Copies what the b-th longest sequence has at step t, in a reverse direction at the step that
  /// it has as its t-th.
  void copyStep(Layout layout, int t, int b, boolean reverse, Rows target, int targetRow);

  /// Copies every step at once if rows lie there as they do here.
  ///
  /// @return whether they do; else nothing has been copied
  boolean copyAll(Layout layout, Rows target);
}
