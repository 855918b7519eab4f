package dev.sluice.runtime.spi;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The threads that run the passes of one session: its caller and helpers of the JVM's pool, as
/// many as nobody else is using. Work is cut so that the number of members never changes a result.
///
/// A run allocates nothing. One thread at a time may call [#run].
public final class Team {
  /// Threads that a team may have.
  public static final int MOST = 1024;

  private final int size;
  private final Helper[] helpers;
  private final Barrier inside;
  private final Barrier end;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private @Nullable Task task;
  private int members;

  /// What a team does.
  public interface Task {
    /// One member's part.
    ///
    /// @param member 0 for the caller
    /// @param members how many there are this time
    void run(int member, int members);
  }

  private Team(int size) {
    this.size = size;
    this.helpers = new Helper[size - 1];
    this.inside = new Barrier(size);
    this.end = new Barrier(size);
  }

  /// A team of at most so many threads.
  public static Team of(int threads) {
    if (threads < 1 || threads > MOST) {
      throw new IllegalArgumentException(
          "threads of a session: %d, expected 1 to %d".formatted(threads, MOST));
    }
    Helpers.OF_THE_JVM.admit(threads);
    return new Team(threads);
  }

  /// Threads of a session that doesn't say how many: `-Dsluice.threads=n`, or one for each
  /// processor.
  public static int defaultSize() {
    String asked = System.getProperty("sluice.threads", "");
    if (asked.isEmpty()) {
      return Math.min(MOST, Runtime.getRuntime().availableProcessors());
    }
    if (!asked.matches("[1-9][0-9]{0,3}") || Integer.parseInt(asked) > MOST) {
      throw new IllegalArgumentException(
          "sluice.threads=%s: expected a number from 1 to %d".formatted(asked, MOST));
    }
    return Integer.parseInt(asked);
  }

  /// Threads that it has at most.
  public int size() {
    return size;
  }

  /// Runs a task on the calling thread and on helpers, and returns when all are done. Helpers that
  /// another team uses are not waited for.
  ///
  /// @param wanted most members that the work is worth
  /// @throws RuntimeException what a member threw, after all have ended
  public void run(Task task, int wanted) {
    int found = wanted > 1 ? Helpers.OF_THE_JVM.take(helpers, Math.min(wanted, size) - 1) : 0;
    if (found == 0) {
      task.run(0, 1);
      return;
    }
    this.task = task;
    members = found + 1;
    inside.open(members);
    end.open(members);
    for (int i = 0; i < found; i++) {
      helpers[i].start(this, i + 1);
    }
    try {
      work(0);
    } finally {
      end.await(0);
      this.task = null;
      for (int i = 0; i < found; i++) {
        helpers[i].free();
      }
    }
    rethrow(failure.getAndSet(null));
  }

  /// Waits until every member of this run has come here; all of them must, equally often.
  ///
  /// @throws RuntimeException when another has failed and won't
  void await(int member) {
    inside.await(member);
  }

  /// A helper's part.
  void finish(int member) {
    work(member);
    end.arrive();
  }

  private void work(int member) {
    try {
      Task current = task;
      if (current != null) {
        current.run(member, members);
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
      inside.breakUp();
    }
  }

  private static void rethrow(@Nullable Throwable e) {
    switch (e) {
      case null -> {}
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> throw new IllegalStateException(e);
    }
  }
}
