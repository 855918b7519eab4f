package dev.sluice.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A progress bar on standard error, if a person looks at it: the launcher says so in
/// `sluice.terminal`.
final class Progress implements AutoCloseable {
  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /// @param most steps to go; -1 when that is not known
  static Progress of(String task, long most) {
    if (!Boolean.getBoolean("sluice.terminal")) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(most)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setMaxRenderedLength(80)
            .setUpdateIntervalMillis(200)
            .clearDisplayOnFinish()
            .build());
  }

  static Progress unknown(String task) {
    return of(task, -1);
  }

  void to(long step) {
    if (bar != null) {
      bar.stepTo(step);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
