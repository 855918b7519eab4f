package dev.sluice.runtime;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Lets one thread at a time use something that can be closed, and says so to others.
final class Guard {
  private final String what;
  private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();
  private boolean closed;

  Guard(String what) {
    this.what = what;
  }

  /// @throws IllegalStateException when another thread is inside, or after [#close]
  void enter() {
    if (!user.compareAndSet(null, Thread.currentThread())) {
      throw new IllegalStateException(
          "%s is in use by %s: one thread at a time; give each its own, they share the weights"
              .formatted(what, user.get()));
    }
    if (closed) {
      user.set(null);
      throw new IllegalStateException(what + ": used after close");
    }
  }

  void exit() {
    user.set(null);
  }

  /// Runs the action the first time.
  void close(Runnable action) {
    if (!user.compareAndSet(null, Thread.currentThread())) {
      throw new IllegalStateException(
          "%s can't be closed, it is in use by %s".formatted(what, user.get()));
    }
    try {
      if (!closed) {
        closed = true;
        action.run();
      }
    } finally {
      user.set(null);
    }
  }
}
