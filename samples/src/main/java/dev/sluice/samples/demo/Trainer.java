package dev.sluice.samples.demo;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Trains the language model for a time or a number of steps.
///
/// @param model what learns
/// @param training equally long streams of text
/// @param heldOut a part of the held-out text, for the curve
record Trainer(LanguageModel model, int[][] training, int[][] heldOut) {
  private static final int LENGTH = 64;
  private static final double HIGHEST_RATE = 8e-3;
  private static final int CHECKS = 12;

  /// @return steps done
  int run(Options options, Curve curve, PrintStream screen) {
    long start = System.nanoTime();
    int step = 0;
    int checks = 0;
    int from = 0;
    try (ProgressBar bar = bar(screen)) {
      for (double done = 0; done < 1; step++) {
        double loss = model.train(training, from, LENGTH, rate(done));
        curve.training(step, loss);
        from = from + 2 * LENGTH < training[0].length ? from + LENGTH : 0;
        done =
            options.steps() > 0
                ? (step + 1.0) / options.steps()
                : seconds(start) / options.seconds();
        if (step == 0 || done * CHECKS >= checks) {
          curve.heldOut(step, model.loss(heldOut));
          checks = (int) (done * CHECKS) + 1;
        }
        bar.stepTo(Math.min(1000, Math.round(done * 1000)));
        bar.setExtraMessage("step %d  loss %.3f".formatted(step + 1, curve.recent()));
      }
    }
    return step;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /// A short rise, then half a cosine down to a tenth.
  private static double rate(double done) {
    double rise = Math.min(1, 0.1 + done / 0.02);
    return HIGHEST_RATE * rise * (0.1 + 0.9 * 0.5 * (1 + Math.cos(Math.PI * done)));
  }

  private static ProgressBar bar(PrintStream screen) {
    return new ProgressBarBuilder()
        .setTaskName("training")
        .setInitialMax(1000)
        .setUnit(" ‰", 1)
        .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
        .setUpdateIntervalMillis(500)
        .setConsumer(new ConsoleProgressBarConsumer(screen, 110))
        .build();
  }
}
