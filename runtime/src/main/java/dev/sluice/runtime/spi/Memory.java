package dev.sluice.runtime.spi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// The one source of memory that kernels work on. All of it is off-heap: a single heap segment
/// would make the call sites of the kernels polymorphic, and slow for as long as the JVM lives.
public final class Memory {
  /// Bytes that the first float of a block is aligned to: a cache line, and the widest vector.
  public static final int ALIGNMENT = 64;

  /// Bytes of every block past the floats that were asked for, so that a kernel may read whole
  /// vectors from the last.
  public static final int SLACK = 4 * ALIGNMENT;

  private static final long MAX_FLOATS = (Long.MAX_VALUE - SLACK) / Float.BYTES;

  private Memory() {}

  /// Bytes of a block of so many floats.
  public static long bytes(long floats) {
    return Math.addExact(Math.multiplyExact(floats, Float.BYTES), SLACK);
  }

  /// Reserves zeroed floats.
  ///
  /// @param what whose memory it is, for error messages: `weights`, `frame of lstm`
  /// @param floats how many, not negative
  /// @throws IllegalArgumentException when the number can't be a size
  /// @throws OutOfMemoryError when the machine, or the JVM's limit, has no room for it
  public static Block allocate(String what, long floats) {
    Objects.requireNonNull(what, "what");
    if (floats < 0 || floats > MAX_FLOATS) {
      throw new IllegalArgumentException(
          what
              + ": "
              + floats
              + " floats; expected 0 to "
              + MAX_FLOATS
              + " (did a size overflow?)");
    }
    return new Block(what, floats);
  }

  /// Off-heap floats of one owner. Any thread may use them; who closes them sees to it that nobody
  /// does any longer.
  public static final class Block implements AutoCloseable {
    private final String what;
    private final long floats;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;

    private Block(String what, long floats) {
      this.what = what;
      this.floats = floats;
      this.segment = reserve(Memory.bytes(floats));
    }

    private MemorySegment reserve(long bytes) {
      try {
        return arena.allocate(bytes, ALIGNMENT);
      } catch (OutOfMemoryError | IllegalArgumentException e) {
        arena.close();
        OutOfMemoryError error =
            new OutOfMemoryError(
                "%s: no room for %,d bytes off the heap; use smaller sizes or batches, or raise -XX:MaxDirectMemorySize (%s)"
                    .formatted(what, bytes, e.getMessage()));
        error.initCause(e);
        throw error;
      }
    }

    /// The memory: [#floats] floats and [Memory#SLACK] bytes, aligned to [Memory#ALIGNMENT].
    ///
    /// @throws IllegalStateException after [#close]
    public MemorySegment segment() {
      if (isClosed()) {
        throw new IllegalStateException(what + ": used after close");
      }
      return segment;
    }

    /// Floats that were asked for.
    public long floats() {
      return floats;
    }

    /// Bytes that it takes, [Memory#SLACK] among them.
    public long bytes() {
      return Memory.bytes(floats);
    }

    public boolean isClosed() {
      return !arena.scope().isAlive();
    }

    /// Gives the memory back at once; closing again does nothing. A kernel that still holds the
    /// segment gets an [IllegalStateException] at its next access.
    ///
    /// @throws IllegalStateException when another thread is inside an access right now
    @Override
    public synchronized void close() {
      if (!isClosed()) {
        arena.close();
      }
    }

    @Override
    public String toString() {
      return what + ": " + floats + " floats" + (isClosed() ? ", closed" : "");
    }
  }
}
