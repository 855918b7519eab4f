package dev.sluice.samples.demo;

import dev.sluice.runtime.Adam;
import dev.sluice.runtime.Batch;
import dev.sluice.runtime.CrossEntropy;
import dev.sluice.runtime.Linear;
import dev.sluice.runtime.OneHot;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.runtime.Weights;
import dev.sluice.runtime.spi.CellProgram;
import java.util.SplittableRandom;

/// A character language model: two layers of a generated cell, and a linear layer whose outputs are
/// the logits of the next character. Not for several threads at once.
final class LanguageModel implements AutoCloseable {
  private static final int LAYERS = 2;
  private static final double LARGEST_NORM = 5;

  private final int symbols;
  private final Sequential network;
  private final Training training;
  private final Adam adam = new Adam(0);

  LanguageModel(CellProgram cell, int symbols, int hidden, long seed) {
    this.symbols = symbols;
    Recurrent layers = Recurrent.of(cell, Sizes.of("x", symbols).and("h", hidden)).stacked(LAYERS);
    network = Sequential.of(layers, Linear.of(hidden, symbols)).initialise(seed);
    training = network.training();
  }

  Weights weights() {
    return network.weights();
  }

  /// One step of truncated back-propagation through time: `length` characters of each stream from
  /// `from` on, with the states that the step before has left.
  ///
  /// @return the loss before the step, in nats a character
  double train(int[][] streams, int from, int length, double learningRate) {
    Tensor x = OneHot.of(columns(streams, from, length), symbols);
    Batch batch = from == 0 ? Batch.of(x) : Batch.of(x).continuing();
    Tensor logits = training.forward(batch);
    Tensor gradient = Tensor.zeros(logits.shape());
    double loss = CrossEntropy.loss(logits, targets(streams, from, length), gradient);
    training.gradients().zero();
    training.backward(gradient);
    training.gradients().clipNorm(LARGEST_NORM);
    adam.learningRate(learningRate);
    adam.step(training.gradients());
    return loss;
  }

  /// Mean loss over the streams, in nats a character.
  double loss(int[][] streams) {
    int pairs = streams[0].length - 1;
    double sum = 0;
    try (Session session = network.session()) {
      for (int from = 0; from < pairs; from += 100) {
        int length = Math.min(100, pairs - from);
        Batch batch = Batch.of(OneHot.of(columns(streams, from, length), symbols));
        Tensor logits = session.run(from == 0 ? batch : batch.continuing());
        sum += CrossEntropy.loss(logits, targets(streams, from, length)) * length;
      }
    }
    return sum / pairs;
  }

  /// Reads `start` and goes on for `length` characters, each drawn from the model's distribution at
  /// a temperature.
  String sample(Corpus corpus, String start, int length, double temperature, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[symbols];
    float[] logits = new float[symbols];
    StringBuilder text = new StringBuilder(start);
    try (Session session = network.session()) {
      for (int i = 0; i + 1 < start.length() + length; i++) {
        OneHot.fill(corpus.alphabet().indexOf(text.charAt(i)), x);
        session.step(x, logits);
        if (i + 1 >= text.length()) {
          text.append(corpus.alphabet().charAt(draw(logits, temperature, random.nextDouble())));
        }
      }
    }
    return text.toString();
  }

  /// The symbol at a uniform number's place in the distribution softmax(logits / temperature).
  private static int draw(float[] logits, double temperature, double uniform) {
    double[] weights = new double[logits.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp((logits[i] - largest) / temperature);
      sum += weights[i];
    }
    double left = uniform * sum;
    for (int i = 0; i < weights.length; i++) {
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }

  private static int[][] columns(int[][] streams, int from, int length) {
    int[][] steps = new int[length][streams.length];
    for (int t = 0; t < length; t++) {
      for (int s = 0; s < streams.length; s++) {
        steps[t][s] = streams[s][from + t];
      }
    }
    return steps;
  }

  private static int[] targets(int[][] streams, int from, int length) {
    int[] targets = new int[length * streams.length];
    for (int t = 0; t < length; t++) {
      for (int s = 0; s < streams.length; s++) {
        targets[t * streams.length + s] = streams[s][from + t + 1];
      }
    }
    return targets;
  }

  @Override
  public void close() {
    training.close();
    network.close();
  }
}
