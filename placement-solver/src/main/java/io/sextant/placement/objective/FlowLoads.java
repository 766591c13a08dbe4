package io.sextant.placement.objective;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The load of GPUs under an engine that solves a linear program for each batch: it splits the
 * tokens of every expert over its copies so that the busiest GPU has the fewest.
 *
 * <p>Levels the tokens of one expert after the other over the GPUs that hold it until nothing
 * moves. That minimises the sum of squared loads, and the split with the least sum of squares also
 * has the least maximum (Fujishige, "Lexicographically optimal base of a polymatroid", 1980).
 */
public final class FlowLoads {
  /** Micro-batches that are looked at, evenly spaced. Chosen without a measurement. */
  private static final int MOST_BATCHES = 64;

  private static final int MOST_SWEEPS = 500;

  /** Tokens moved in a sweep over all experts below which the split is final. */
  private static final double FEW_TOKENS = 1e-3;

  private final int[][] gpusOf;
  private final double[] load;

  private FlowLoads(int[][] gpusOf, int gpus) {
    this.gpusOf = gpusOf;
    this.load = new double[gpus];
  }

  /**
   * @param slotToExpert shape [slots]: the logical expert in each slot; no GPU holds two copies
   * @return mean over micro-batches of max/mean GPU load
   */
  public static double imbalance(MicroBatchLoads loads, SlotLayout layout, int[] slotToExpert) {
    int[][] gpusOf = new int[loads.experts()][];
    for (int e = 0; e < gpusOf.length; e++) {
      int expert = e;
      gpusOf[e] =
          IntStream.range(0, slotToExpert.length)
              .filter(p -> slotToExpert[p] == expert)
              .map(layout::gpuOfSlot)
              .toArray();
    }
    FlowLoads flow = new FlowLoads(gpusOf, layout.gpus());
    float[] slowness = layout.topology().slowness(layout.gpus());
    float[] scale = loads.scale(layout.gpus());
    int batches = Math.min(MOST_BATCHES, loads.batches());
    double sum = 0;
    for (int b = 0; b < batches; b++) {
      int batch = (int) ((long) b * loads.batches() / batches);
      double[] load = flow.levelled(tokens(loads, batch));
      double max = 0;
      for (int g = 0; g < load.length; g++) {
        max = Math.max(max, load[g] * slowness[g]);
      }
      sum += max * scale[batch];
    }
    return sum / batches;
  }

  private static double[] tokens(MicroBatchLoads loads, int batch) {
    double[] tokens = new double[loads.experts()];
    int[] counts = loads.counts()[batch];
    for (int i = 0; i < counts.length; i++) {
      tokens[i / loads.nodes()] += counts[i];
    }
    return tokens;
  }

  /** Shape [gpus]. */
  private double[] levelled(double[] tokens) {
    double[][] given = new double[tokens.length][];
    Arrays.fill(load, 0);
    for (int e = 0; e < tokens.length; e++) {
      given[e] = new double[gpusOf[e].length];
      for (int c = 0; c < given[e].length; c++) {
        given[e][c] = tokens[e] / given[e].length;
        load[gpusOf[e][c]] += given[e][c];
      }
    }
    double moved = Double.POSITIVE_INFINITY;
    for (int sweep = 0; sweep < MOST_SWEEPS && moved > FEW_TOKENS; sweep++) {
      moved = 0;
      for (int e = 0; e < tokens.length; e++) {
        moved += gpusOf[e].length > 1 ? level(tokens[e], gpusOf[e], given[e]) : 0;
      }
    }
    return load;
  }

  /** Splits an expert's tokens anew over its GPUs and returns how many moved. */
  private double level(double tokens, int[] gpus, double[] given) {
    double[] others = new double[gpus.length];
    for (int c = 0; c < gpus.length; c++) {
      others[c] = load[gpus[c]] - given[c];
    }
    double level = waterLevel(tokens, others);
    double moved = 0;
    for (int c = 0; c < gpus.length; c++) {
      double now = Math.max(0, level - others[c]);
      moved += Math.abs(now - given[c]);
      load[gpus[c]] = others[c] + now;
      given[c] = now;
    }
    return moved;
  }

  /** The height to which this much water fills a vessel with such a floor. */
  private static double waterLevel(double water, double[] floor) {
    double[] sorted = floor.clone();
    Arrays.sort(sorted);
    double sum = water;
    for (int n = 1; ; n++) {
      sum += sorted[n - 1];
      if (n == sorted.length || sum / n <= sorted[n]) {
        return sum / n;
      }
    }
  }
}
