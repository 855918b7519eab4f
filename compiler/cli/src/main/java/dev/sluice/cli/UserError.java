package dev.sluice.cli;

/// The command can't be carried out as it was given: a file that isn't there, a size that doesn't
/// fit. Ends the program with exit code 2 and the message.
final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UserError(String message) {
    super(message);
  }

  UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
