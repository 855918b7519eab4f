package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

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

  /// What went wrong with a file, in words.
  static UserError of(Path path, IOException e) {
    String message =
        switch (e) {
          case NoSuchFileException _ -> path + ": no such file";
          case FileAlreadyExistsException _ -> path + " is a file, expected a folder";
          case AccessDeniedException _ -> path + ": no permission";
          case FileSystemException f ->
              path + ": " + Objects.requireNonNullElse(f.getReason(), "the file system refused it");
          default -> {
            if (Files.isDirectory(path) && "Is a directory".equals(e.getMessage())) {
              yield path + " is a folder, expected a file";
            }
            String text = String.valueOf(e.getMessage());
            yield text.contains(String.valueOf(path.getFileName())) ? text : path + ": " + text;
          }
        };
    return new UserError(message, e);
  }
}
