package dev.sluice.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sluice.samples.baseline.Extent;
import dev.sluice.samples.bench.Workload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/// A layer of ONNX Runtime. Input and output lie in memory of ours that it reads and writes.
final class OnnxRuntimeLayer implements PeerLayer {
  private final OrtSession session;
  private final OnnxTensor input;
  private final OnnxTensor output;
  private final FloatBuffer values;

  OnnxRuntimeLayer(Workload work) {
    Extent extent = work.extent();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    FloatBuffer x = direct(work.x().length).put(work.x()).rewind();
    values = direct(extent.pairs() * extent.hidden());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(OnnxModel.of(work), options);
      input =
          OnnxTensor.createTensor(
              environment, x, shape(extent.steps(), extent.batch(), extent.inputs()));
      output =
          OnnxTensor.createTensor(
              environment, values, shape(extent.steps(), 1, extent.batch(), extent.hidden()));
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long[] shape(long... sizes) {
    return sizes;
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public void infer() {
    try {
      session.run(Map.of("X", input), Set.of(), Map.of("Y", output)).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void train() {
    throw new UnsupportedOperationException("this build of ONNX Runtime doesn't train");
  }

  @Override
  public float[] inputGradient() {
    throw new UnsupportedOperationException("this build of ONNX Runtime doesn't train");
  }

  @Override
  public float[] output() {
    float[] copy = new float[values.capacity()];
    values.get(0, copy);
    return copy;
  }

  @Override
  public void close() {
    output.close();
    input.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
