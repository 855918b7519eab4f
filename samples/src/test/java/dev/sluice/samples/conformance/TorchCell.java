package dev.sluice.samples.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which of our cells is PyTorch's, and which gate of which of its tensors each of our parameters
/// is.
///
/// @param file name of the cell
/// @param gates stacked in each of PyTorch's tensors
/// @param states ours, with PyTorch's letter for each: they are the same
record TorchCell(String file, int gates, List<String> states, List<Part> parts) {

  /// One parameter.
  ///
  /// @param parameter ours
  /// @param gate which rows
  /// @param tensors theirs; a bias of ours may be the sum of two of theirs
  record Part(String parameter, int gate, List<String> tensors) {}

  static TorchCell of(String torch) {
    return switch (torch) {
      case "rnn_tanh" -> simple("rnn");
      case "rnn_relu" -> simple("rnn_relu");
      case "lstm" -> lstm();
      case "gru" -> gru();
      default -> throw new IllegalArgumentException("no cell for PyTorch's " + torch);
    };
  }

  private static TorchCell simple(String file) {
    return new TorchCell(
        file,
        1,
        List.of("h"),
        List.of(
            new Part("V", 0, List.of("weight_ih")),
            new Part("W", 0, List.of("weight_hh")),
            new Part("b_h", 0, List.of("bias_ih", "bias_hh"))));
  }

  private static TorchCell lstm() {
    List<Part> parts = new ArrayList<>();
    String gates = "ifco"; // PyTorch's g is our c̃
    for (int gate = 0; gate < 4; gate++) {
      char letter = gates.charAt(gate);
      parts.add(new Part("U_" + letter, gate, List.of("weight_ih")));
      parts.add(new Part("W_" + letter, gate, List.of("weight_hh")));
      parts.add(new Part("b_" + letter, gate, List.of("bias_ih", "bias_hh")));
    }
    return new TorchCell("lstm", 4, List.of("h", "c"), parts);
  }

  private static TorchCell gru() {
    List<Part> parts = new ArrayList<>();
    String gates = "rzn";
    for (int gate = 0; gate < 3; gate++) {
      char letter = gates.charAt(gate);
      parts.add(new Part("W_i" + letter, gate, List.of("weight_ih")));
      parts.add(new Part("W_h" + letter, gate, List.of("weight_hh")));
      parts.add(new Part("b_i" + letter, gate, List.of("bias_ih")));
      parts.add(new Part("b_h" + letter, gate, List.of("bias_hh")));
    }
    return new TorchCell("gru_reset_after", 3, List.of("h"), parts);
  }

  /// The value of a parameter of ours in one layer and direction of a case; a bias that PyTorch was
  /// told to leave out is 0.
  Numbers value(Part part, TorchCase run, int layer, int direction) {
    return part.tensors().stream()
        .map(tensor -> theirs(part, tensor, run, layer, direction))
        .flatMap(Optional::stream)
        .reduce(Numbers::plus)
        .orElseGet(() -> new Numbers(new int[] {run.hiddenSize()}, new double[run.hiddenSize()]));
  }

  /// The rows of one of PyTorch's tensors, or of its gradient (`grad_weight_ih`), that belong to a
  /// parameter of ours.
  Optional<Numbers> theirs(Part part, String tensor, TorchCase run, int layer, int direction) {
    return run.find(tensor + TorchCase.suffix(layer, direction))
        .map(all -> all.block(part.gate(), gates));
  }
}
