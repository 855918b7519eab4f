package dev.sluice.runtime.spi;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/// A number that threads wait on until it changes: they spin for a short while, then park. Neither
/// side allocates.
final class Signal {
  /// About what it takes to park a thread and to wake it: who spins longer, loses.
  private static final long SPIN_NANOS = 50_000;

  /// Looks at the number between looks at the clock.
  private static final int LOOKS = 32;

  /// Integers of two cache lines, so that neighbours in memory don't disturb who spins.
  private static final int PADDING = 32;

  private final AtomicIntegerArray padded = new AtomicIntegerArray(2 * PADDING + 1);
  private final AtomicReferenceArray<Thread> sleepers;

  /// @param places how many threads may wait at the same time
  Signal(int places) {
    this.sleepers = new AtomicReferenceArray<>(places);
  }

  int value() {
    return padded.get(PADDING);
  }

  /// Changes the number and wakes who waits. One thread at a time.
  void next() {
    padded.set(PADDING, padded.getPlain(PADDING) + 1);
    // Who parks says so before it looks at the number for the last time.
    for (int place = 0; place < sleepers.length(); place++) {
      Thread sleeper = sleepers.get(place);
      if (sleeper != null) {
        LockSupport.unpark(sleeper);
      }
    }
  }

  /// Returns when the number is another than `seen`. An interrupt is kept for later.
  ///
  /// @param place a number below `places` that no other waiting thread has
  /// @param crowded whether the thread that changes the number may need this one's processor
  void awaitOther(int seen, int place, boolean crowded) {
    if (spin(seen, crowded)) {
      return;
    }
    boolean interrupted = false;
    sleepers.set(place, Thread.currentThread());
    while (value() == seen) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    sleepers.set(place, null);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean spin(int seen, boolean crowded) {
    long start = System.nanoTime();
    do {
      for (int i = 0; i < LOOKS; i++) {
        if (value() != seen) {
          return true;
        }
        if (crowded) {
          Thread.yield();
        } else {
          Thread.onSpinWait();
        }
      }
    } while (System.nanoTime() - start < SPIN_NANOS);
    return false;
  }
}
