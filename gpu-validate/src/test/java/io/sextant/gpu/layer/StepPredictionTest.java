package io.sextant.gpu.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** On batches that are small enough to count by hand. */
class StepPredictionTest {
  private static final int ROW = 1000;
  private static final int RESULT = 2000;

  /** A row takes 1 us over the link, 0.1 us from a peer and 0.01 us in memory. */
  private static final StepPrediction RATES = new StepPrediction(1, 10, 100, 7);

  /** Three tokens on GPU 0, one on GPU 1; two slots per GPU, two choices per token. */
  private static RoutedBatch batch(int nodes) {
    int[] sources = {0, 0, 0, 1};
    int[] slots = {0, 1, 0, 2, 2, 3, 3, 0};
    return new RoutedBatch(
        "map", "prefill", "day", 1, 0, nodes, 2, 4, 2, RoutedBatch.pack(sources, slots));
  }

  private static double micros(int nodes, LayerTransport transport, double... expertMicros) {
    return RATES.micros(batch(nodes), transport, ROW, RESULT, expertMicros);
  }

  @Test
  void eachGpuWaitsForItsOwnRowsAlone() {
    // GPU 0 receives 1 row and GPU 1 receives 3, each its results from the other.
    double combine = 3 * 2;
    assertThat(micros(2, LayerTransport.PER_EXPERT, 50, 10))
        .isCloseTo(7 + 1 + 50 + combine, within(1e-9));
    assertThat(micros(2, LayerTransport.PER_EXPERT, 10, 50))
        .isCloseTo(7 + 3 + 50 + combine, within(1e-9));
  }

  @Test
  void aTokenCrossesOnceAndSumsOnEachGpuComeFirst() {
    // Tokens 1 and 2 cross to GPU 1, token 3 to GPU 0. Each GPU has 4 rows of 3 tokens.
    double partialSums = (4 + 3) * 0.02;
    assertThat(micros(2, LayerTransport.NODE_DEDUPLICATED, 10, 50))
        .isCloseTo(7 + 2 + 50 + partialSums + 2 * 2, within(1e-9));
  }

  @Test
  void withinANodeRowsComeFromPeers() {
    assertThat(micros(1, LayerTransport.PER_EXPERT, 0, 0))
        .isCloseTo(7 + 3 * 0.1 + 3 * 0.2, within(1e-9));
  }
}
