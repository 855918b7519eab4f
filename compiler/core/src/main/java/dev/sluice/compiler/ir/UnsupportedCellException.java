package dev.sluice.compiler.ir;

import java.util.Objects;

/// A well-typed cell that the later stages cannot compile yet, such as one with a matrix as its
/// state. It is the user's cell and not a bug of the compiler: the driver turns this into a problem
/// at the line of [#origin].
public final class UnsupportedCellException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Origin origin;
  private final String help;

  /// @param what what is not compiled, one line, lower case: `matrix states are not generated yet:
  ///     C has shape [n, n]`
  /// @param help what to do about it, a whole sentence, or empty
  public UnsupportedCellException(Origin origin, String what, String help) {
    super(what);
    this.origin = Objects.requireNonNull(origin);
    this.help = Objects.requireNonNull(help);
  }

  /// The equation that is meant; [Origin#NONE] when it is the cell as a whole.
  public Origin origin() {
    return origin == null ? Origin.NONE : origin;
  }

  public String help() {
    return help;
  }
}
