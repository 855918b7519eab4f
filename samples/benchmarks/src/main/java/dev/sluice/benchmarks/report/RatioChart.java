package dev.sluice.benchmarks.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/// The ratios to the fastest peer as bars, a colour for each mode, with a line at 1. The axis is
/// logarithmic: twice as fast and half as fast are as far from the line.
final class RatioChart {
  private static final int HEIGHT = 640;
  private static final int MARGIN = 260;
  private static final int BAR = 42;

  private RatioChart() {}

  /// Cases by label, and in each its ratios by mode.
  static SequencedMap<String, Map<String, Double>> bars(List<Case> cases) {
    SequencedMap<String, Map<String, Double>> bars = new LinkedHashMap<>();
    for (Case one : cases) {
      one.ratio()
          .ifPresent(
              ratio ->
                  bars.computeIfAbsent(one.label(), _ -> new LinkedHashMap<>())
                      .put(one.mode(), ratio.ms()));
    }
    return bars;
  }

  static void draw(List<Case> cases, String title, Path file) throws IOException {
    SequencedMap<String, Map<String, Double>> bars = bars(cases);
    List<String> modes =
        bars.values().stream().flatMap(m -> m.keySet().stream()).distinct().toList();
    int width = MARGIN + BAR * modes.size() * bars.size();
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(width)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("batch × inputs × units × steps")
            .yAxisTitle("time of the fastest peer / Sluice's")
            .build();
    chart.getStyler().setXAxisLabelRotation(60);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisMin(Math.min(0.5, 0.9 * least(bars)));
    chart.getStyler().setYAxisMax(1.5 * Math.max(1, most(bars)));
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setLabelsPosition(1.05);
    chart.getStyler().setDecimalPattern("0.00");
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    for (String mode : modes) {
      List<Double> values = new ArrayList<>();
      bars.values().forEach(ratios -> values.add(ratios.get(mode)));
      chart.addSeries(mode, new ArrayList<>(bars.keySet()), values);
    }
    chart.addAnnotation(new AnnotationLine(1, false, false));
    write(chart, width, file);
  }

  private static double least(SequencedMap<String, Map<String, Double>> bars) {
    return ratios(bars).min().orElse(1);
  }

  private static double most(SequencedMap<String, Map<String, Double>> bars) {
    return ratios(bars).max().orElse(1);
  }

  private static DoubleStream ratios(SequencedMap<String, Map<String, Double>> bars) {
    return bars.values().stream()
        .flatMap(ratios -> ratios.values().stream())
        .mapToDouble(ratio -> ratio);
  }

  private static void write(CategoryChart chart, int width, Path file) throws IOException {
    BufferedImage image = new BufferedImage(width, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    chart.paint(graphics, width, HEIGHT);
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }
}
