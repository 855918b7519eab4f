package dev.sluice.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How far outputs are from those in double precision.
///
/// @param size root of the mean square of the outputs
record AccuracyReport(BenchSetting setting, double size, List<Accuracy.Errors> errors)
    implements BenchReport {

  @Override
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(setting).append(BenchReport.format(": outputs of RMS %.3g", size));
    text.append("\n  weights  largest error  RMS error  RMS error / RMS");
    for (Accuracy.Errors e : errors) {
      text.append(
          BenchReport.format(
              "\n  %-7s  %13.2e  %9.2e  %15.2e",
              WeightsOption.word(e.format()), e.most(), e.rms(), e.rms() / size));
    }
    return text.toString();
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("output_rms", size);
    for (Accuracy.Errors e : errors) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("max_error", e.most());
      one.put("rms_error", e.rms());
      result.put(WeightsOption.word(e.format()), one);
    }
    return result;
  }
}
