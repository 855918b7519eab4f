package dev.sluice.runtime.spi;

import java.util.concurrent.atomic.AtomicIntegerArray;

/// Where the members of a run wait for each other, again and again.
final class Barrier {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final int PADDING = 32;

  private final AtomicIntegerArray arrived = new AtomicIntegerArray(2 * PADDING + 1);
  private final Signal round;
  private int members;
  private volatile boolean broken;

  Barrier(int most) {
    this.round = new Signal(most);
  }

  /// Before a run, while nobody is at the barrier.
  void open(int members) {
    this.members = members;
    arrived.set(PADDING, 0);
    broken = false;
  }

  /// Waits until all members have arrived.
  ///
  /// @throws Broken when one of them will not come
  void await(int member) {
    int before = round.value();
    if (!arrive()) {
      round.awaitOther(before, member, members > PROCESSORS);
    }
    if (broken) {
      throw new Broken();
    }
  }

  /// Arrives without waiting for the others.
  ///
  /// @return whether this was the last
  boolean arrive() {
    if (broken || arrived.incrementAndGet(PADDING) < members) {
      return broken;
    }
    arrived.set(PADDING, 0);
    round.next();
    return true;
  }

  /// Lets all go that wait here, now and later, with an exception.
  synchronized void breakUp() {
    if (!broken) {
      broken = true;
      round.next();
    }
  }

  /// Another member has failed.
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Broken() {
      super("another thread of this pass has failed", null, false, false);
    }
  }
}
