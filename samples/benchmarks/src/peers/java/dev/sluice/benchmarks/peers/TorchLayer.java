package dev.sluice.benchmarks.peers;

import dev.sluice.samples.baseline.Extent;
import dev.sluice.samples.baseline.Weights;
import dev.sluice.samples.bench.Workload;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GRUImpl;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/// A layer of PyTorch, whose GRU resets after the product: as many operations as the slides', other
/// values.
final class TorchLayer implements PeerLayer {
  private final Layer layer;
  private final Tensor input;
  private final Tensor trainedInput;
  private final Tensor outputGradient;
  private final int outputs;

  private record Layer(Module module, UnaryOperator<Tensor> forward) {
    static Layer of(Workload work) {
      Extent extent = work.extent();
      return switch (work.cell()) {
        case LSTM -> {
          LSTMImpl lstm = new LSTMImpl(extent.inputs(), extent.hidden());
          yield new Layer(lstm, x -> lstm.forward(x).get0());
        }
        case GRU -> {
          GRUImpl gru = new GRUImpl(extent.inputs(), extent.hidden());
          yield new Layer(gru, x -> gru.forward(x).get0());
        }
      };
    }
  }

  TorchLayer(Workload work) {
    torch.set_num_threads(1);
    openblas.blas_set_num_threads(1);
    Extent extent = work.extent();
    layer = Layer.of(work);
    try (NoGradGuard _ = new NoGradGuard()) {
      set(layer.module.named_parameters(), work.weights());
      input = tensor(work.x(), extent.steps(), extent.batch(), extent.inputs());
      trainedInput = tensor(work.x(), extent.steps(), extent.batch(), extent.inputs());
      outputGradient =
          tensor(work.outputGradient(), extent.steps(), extent.batch(), extent.hidden());
    }
    trainedInput.requires_grad_();
    outputs = extent.pairs() * extent.hidden();
  }

  /// Their order of gates is ours.
  private static void set(StringTensorDict parameters, Weights weights) {
    int rows = weights.bias().length;
    parameters.get("weight_ih_l0").copy_(tensor(weights.input(), rows, weights.inputs()));
    parameters.get("weight_hh_l0").copy_(tensor(weights.recurrent(), rows, weights.hidden()));
    parameters.get("bias_ih_l0").copy_(tensor(weights.bias(), rows));
    parameters.get("bias_hh_l0").zero_();
  }

  private static Tensor tensor(float[] values, long... shape) {
    try (FloatPointer pointer = new FloatPointer(values)) {
      return torch.empty(shape).copy_(torch.from_blob(pointer, shape));
    }
  }

  @Override
  public void infer() {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor _ = layer.forward.apply(input);
    }
  }

  @Override
  public void train() {
    try (PointerScope _ = new PointerScope()) {
      layer.module.zero_grad(true);
      trainedInput.mutable_grad().reset();
      Tensor output = layer.forward.apply(trainedInput);
      output.backward(outputGradient, new BoolOptional(), false, new TensorArrayRefOptional());
    }
  }

  @Override
  public float[] output() {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      return copy(layer.forward.apply(input), outputs);
    }
  }

  @Override
  public float[] inputGradient() {
    try (PointerScope _ = new PointerScope()) {
      return copy(trainedInput.grad(), (int) trainedInput.numel());
    }
  }

  private static float[] copy(Tensor tensor, int count) {
    float[] values = new float[count];
    tensor.contiguous().data_ptr_float().get(values);
    return values;
  }

  @Override
  public void close() {
    outputGradient.close();
    trainedInput.close();
    input.close();
    layer.module.close();
  }
}
