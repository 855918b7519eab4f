package dev.sluice.compiler.same;

import java.util.List;

/// What is known of two cells.
public sealed interface Verdict {
  /// Both have the same normal form.
  ///
  /// @param conversion parameters of the second from those of the first
  /// @param upTo what was needed of what was allowed
  record Equal(Conversion conversion, List<UpTo> upTo) implements Verdict {}

  /// The normal forms differ, the values never did.
  ///
  /// @param conversion under which they were compared
  record Undecided(Conversion conversion, int trials) implements Verdict {}

  /// Values that differ.
  ///
  /// @param witness the smallest that was found, under the likeliest pairing of parameters
  /// @param pairings how many ways to pair the parameters were tried; the cells differ under each
  /// @param remarks what can be said without numbers: inputs or parameters without a partner
  record Different(Witness witness, int pairings, List<String> remarks) implements Verdict {}

  /// Outputs that can't be compared, or a cell that can't run.
  record Incomparable(String reason) implements Verdict {}
}
