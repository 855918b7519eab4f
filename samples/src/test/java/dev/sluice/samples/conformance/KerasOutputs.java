package dev.sluice.samples.conformance;

import dev.sluice.samples.recorded.Numbers;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Tolerance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The outputs of a case of Keras, by number, and how near they are to be met.
record KerasOutputs(Map<Integer, Numbers> byNumber, Tolerance tolerance) {
  static KerasOutputs computed(RecordedCase run) {
    Map<Integer, Numbers> outputs = new LinkedHashMap<>();
    for (int i = 0; run.find("output_" + i).isPresent(); i++) {
      outputs.put(i, run.tensor("output_" + i));
    }
    return new KerasOutputs(outputs, Tolerance.VALUES);
  }

  /// The strictest tolerance of the test.
  static KerasOutputs typed(RecordedCase run) {
    Map<Integer, Numbers> outputs = new LinkedHashMap<>();
    double absolute = Double.MAX_VALUE;
    double relative = Double.MAX_VALUE;
    for (Object golden : (List<?>) run.get("goldens")) {
      Map<?, ?> map = (Map<?, ?>) golden;
      int output = ((Double) Objects.requireNonNull(map.get("output_index"))).intValue();
      String file = (String) Objects.requireNonNull(map.get("file"));
      Numbers value = run.tensor(file.replace(".npy", ""));
      Object sequence = map.get("batch");
      outputs.put(
          output,
          sequence instanceof Double b
              ? placed(value, run.tensor("output_" + output), b.intValue())
              : value);
      absolute = Math.min(absolute, (Double) Objects.requireNonNull(map.get("atol")));
      relative = Math.min(relative, (Double) Objects.requireNonNull(map.get("rtol")));
    }
    return new KerasOutputs(outputs, new Tolerance(absolute, relative, 0));
  }

  /// One sequence of a batch; the others are left open.
  private static Numbers placed(Numbers value, Numbers like, int sequence) {
    Numbers all = Numbers.filled(Double.NaN, like.shape());
    int length = like.data().length / like.size(0);
    System.arraycopy(value.data(), 0, all.data(), sequence * length, length);
    return all;
  }
}
