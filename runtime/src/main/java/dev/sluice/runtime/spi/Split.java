package dev.sluice.runtime.spi;

/// What the members of a team share out in the loop over steps.
public enum Split {
  /// Sequences: each member runs all steps of its own, and waits for nobody.
  SEQUENCES,

  /// Units of every stage: members wait for each other after a stage.
  UNITS
}
