package dev.sluice.samples.demo;

/// The next character from the last one alone: counted pairs with add-k smoothing. What a language
/// model has to beat.
///
/// @param probabilities [last][next]
record Bigram(double[][] probabilities) {

  /// @param k what each count starts from
  static Bigram fit(int[] text, int symbols, double k) {
    double[][] counts = new double[symbols][symbols];
    for (int i = 1; i < text.length; i++) {
      counts[text[i - 1]][text[i]]++;
    }
    for (double[] row : counts) {
      double sum = k * symbols;
      for (double count : row) {
        sum += count;
      }
      for (int next = 0; next < symbols; next++) {
        row[next] = (row[next] + k) / sum;
      }
    }
    return new Bigram(counts);
  }

  /// Mean of −ln p(next | last) over all pairs, in nats a character.
  double loss(int[][] streams) {
    double sum = 0;
    long pairs = 0;
    for (int[] stream : streams) {
      for (int i = 1; i < stream.length; i++) {
        sum -= Math.log(probabilities[stream[i - 1]][stream[i]]);
        pairs++;
      }
    }
    return sum / pairs;
  }
}
