package io.sextant.placement.solve;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.objective.GpuLoads;
import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import io.sextant.placement.search.GpuPacker;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Places experts by their load alone, for traces that only count the tokens of each expert. They do
 * not tell the traffic between nodes, so every GPU is as near as any other.
 *
 * <p>Extra copies go one by one to the expert with the most load per copy, never more than there
 * are GPUs; then copies are packed so that the busiest GPU of a sample has as little as possible
 * above the mean, averaged over the samples.
 */
public final class LoadBalance {
  /** Chosen without a measurement. */
  private static final long STEPS = 300_000;

  /** In max/mean GPU load; chosen without a measurement. */
  private static final AnnealingStage STAGE = new AnnealingStage(2e-2, 1e-5);

  private LoadBalance() {}

  /**
   * @param samples shape [samples][experts]: tokens of each expert in consecutive stretches of time
   * @param seed root of the random choices
   * @return shape [slots]: the logical expert in each slot; no GPU holds two copies of one
   */
  public static int[] place(int[][] samples, SlotLayout layout, long seed) {
    MicroBatchLoads loads = loads(samples);
    SlotLayout flat = flat(layout);
    return new GpuPacker(flat, loads, new int[][] {replicate(samples, flat)})
        .run(new Annealing(STAGE, STEPS, seed));
  }

  /**
   * Load of the busiest GPU over the mean of all, averaged over the samples. The copies of an
   * expert share its tokens equally.
   *
   * @param samples shape [samples][experts]
   * @param slotToExpert shape [slots]
   */
  public static double maxOverMean(int[][] samples, int[] slotToExpert, SlotLayout layout) {
    return new GpuLoads(flat(layout), loads(samples), slotToExpert).imbalance();
  }

  private static MicroBatchLoads loads(int[][] samples) {
    return new MicroBatchLoads(BalanceUnit.TOKENS, samples.length, samples[0].length, 1, samples);
  }

  /** Nodes do not matter if traffic is unknown. */
  private static SlotLayout flat(SlotLayout layout) {
    return new SlotLayout(
        1,
        layout.gpus(),
        layout.slotsPerGpu(),
        new Topology(List.of(), layout.topology().gpuSpeed()));
  }

  private static int[] replicate(int[][] samples, SlotLayout layout) {
    int experts = samples[0].length;
    if (layout.slots() < experts || layout.slots() > experts * layout.gpus()) {
      throw new IllegalArgumentException(
          "%d slots on %d GPUs cannot hold %d experts without two copies on one GPU"
              .formatted(layout.slots(), layout.gpus(), experts));
    }
    double[] load = new double[experts];
    for (int[] sample : samples) {
      double tokens = Arrays.stream(sample).asLongStream().sum();
      for (int e = 0; e < experts && tokens > 0; e++) {
        load[e] += sample[e] / tokens;
      }
    }
    int[] copyOf = Arrays.copyOf(IntStream.range(0, experts).toArray(), layout.slots());
    int[] copies = new int[experts];
    Arrays.fill(copies, 1);
    for (int slot = experts; slot < copyOf.length; slot++) {
      int heaviest = -1;
      for (int e = 0; e < experts; e++) {
        if (copies[e] < layout.gpus()
            && (heaviest < 0 || load[e] / copies[e] > load[heaviest] / copies[heaviest])) {
          heaviest = e;
        }
      }
      copyOf[slot] = heaviest;
      copies[heaviest]++;
    }
    return copyOf;
  }
}
