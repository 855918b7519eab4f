package dev.sluice.runtime.spi;

/// The threads of the JVM that help to run passes: one pool for all models, so that two of them
/// share the processors instead of fighting for them. Threads start when they are first needed,
/// and don't keep the JVM alive.
final class Helpers {
  static final Helpers OF_THE_JVM = new Helpers();

  private volatile Helper[] threads = {};
  private volatile int most = Runtime.getRuntime().availableProcessors() - 1;

  /// Makes room for a team of so many threads, were it the only one.
  synchronized void admit(int size) {
    most = Math.max(most, size - 1);
  }

  /// Takes threads that nobody uses.
  ///
  /// @return how many were found
  int take(Helper[] into, int wanted) {
    int found = 0;
    for (Helper helper : threads) {
      if (found < wanted && helper.take()) {
        into[found++] = helper;
      }
    }
    while (found < wanted && threads.length < most && grow()) {
      Helper[] now = threads;
      if (now[now.length - 1].take()) {
        into[found++] = now[now.length - 1];
      }
    }
    return found;
  }

  private synchronized boolean grow() {
    if (threads.length >= most) {
      return false;
    }
    Helper[] more = java.util.Arrays.copyOf(threads, threads.length + 1);
    Helper helper = new Helper();
    more[threads.length] = helper;
    try {
      Thread.ofPlatform()
          .daemon()
          .name("sluice-" + more.length)
          .inheritInheritableThreadLocals(false)
          .start(helper);
    } catch (OutOfMemoryError e) {
      // The machine has no more threads: those that there are do it.
      most = threads.length;
      return false;
    }
    threads = more;
    return true;
  }
}
