package dev.sluice.runtime.spi;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A thread of the pool. Who has taken it starts it as often as he likes, then frees it.
final class Helper implements Runnable {
  private final AtomicBoolean taken = new AtomicBoolean();
  private final Signal calls = new Signal(1);
  private @Nullable Team team;
  private int member;

  boolean take() {
    return !taken.get() && taken.compareAndSet(false, true);
  }

  void free() {
    taken.set(false);
  }

  /// Lets the thread be a member of a run; [Team#finish] tells its end.
  void start(Team team, int member) {
    this.team = team;
    this.member = member;
    calls.next();
  }

  @Override
  public void run() {
    for (int seen = 0; ; seen++) {
      // Whoever has work goes first.
      calls.awaitOther(seen, 0, true);
      Team current = team;
      // An idle thread keeps no session's memory.
      team = null;
      if (current != null) {
        current.finish(member);
      }
    }
  }
}
