package dev.sluice.samples.demo;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Losses over the training steps, and their picture.
final class Curve {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 540;

  private final List<Integer> steps = new ArrayList<>();
  private final List<Double> losses = new ArrayList<>();
  private final List<Integer> heldOutSteps = new ArrayList<>();
  private final List<Double> heldOut = new ArrayList<>();

  void training(int step, double loss) {
    steps.add(step);
    losses.add(loss);
  }

  void heldOut(int step, double loss) {
    heldOutSteps.add(step);
    heldOut.add(loss);
  }

  /// Mean of the last training losses.
  double recent() {
    List<Double> last = losses.subList(Math.max(0, losses.size() - 20), losses.size());
    return last.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /// Draws the curves and the loss of the bigram model as a PNG.
  void draw(Path file, double bigram) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Character language model on Shakespeare")
            .xAxisTitle("step")
            .yAxisTitle("loss, nats a character")
            .build();
    chart.addSeries("training", steps, losses).setMarker(SeriesMarkers.NONE);
    chart
        .addSeries("held out, a fifth of it", heldOutSteps, heldOut)
        .setMarker(SeriesMarkers.CIRCLE);
    chart
        .addSeries("bigram, held out", List.of(0, steps.getLast()), List.of(bigram, bigram))
        .setMarker(SeriesMarkers.NONE);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    chart.paint(graphics, WIDTH, HEIGHT);
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }
}
