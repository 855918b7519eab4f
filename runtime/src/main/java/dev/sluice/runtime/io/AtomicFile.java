package dev.sluice.runtime.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// A file that is either the old one or the new one, whole: written beside it, forced to the disk,
/// renamed over it.
final class AtomicFile implements AutoCloseable {
  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private boolean placed;

  /// Starts to write; the target stays as it is until [#place].
  AtomicFile(Path path) throws IOException {
    // A link stays a link: what it points to is replaced.
    target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    if (Files.isDirectory(target)) {
      throw new IOException(path + ": is a folder, expected a file or nothing there");
    }
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new NoSuchFileException(path.toString(), null, "there is no folder " + folder);
    }
    temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  void write(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw notSaved(e);
    }
  }

  /// Brings what was written to the disk.
  void finish() throws IOException {
    try {
      channel.force(true);
      channel.close();
    } catch (IOException e) {
      throw notSaved(e);
    }
  }

  private IOException notSaved(IOException cause) {
    return new IOException(
        "%s: not saved, what was there before is unchanged: %s"
            .formatted(target, cause.getMessage()),
        cause);
  }

  /// Puts the file in the place of the old one, after [#finish].
  void place() throws IOException {
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    placed = true;
    forceFolder();
  }

  /// The rename itself reaches the disk; systems that can't open a folder don't need it.
  private void forceFolder() {
    Path folder = target.getParent();
    if (folder == null) {
      return;
    }
    try (FileChannel open = FileChannel.open(folder, StandardOpenOption.READ)) {
      open.force(true);
    } catch (IOException e) {
      // The file is in place and whole either way.
    }
  }

  /// Removes what was written unless it was placed.
  @Override
  public void close() throws IOException {
    channel.close();
    if (!placed) {
      Files.deleteIfExists(temporary);
    }
  }
}
