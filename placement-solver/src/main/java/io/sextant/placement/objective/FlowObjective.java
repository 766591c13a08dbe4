package io.sextant.placement.objective;

import io.sextant.placement.copies.BalancedShares;
import io.sextant.placement.copies.CopyTable;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * The objective under an engine that solves a linear program for each batch: it splits the tokens
 * of every expert over its copies, wherever they are, so that the busiest GPU has the fewest
 * ({@link BalancedShares}). Maps that differ little have splits that differ little, so each program
 * starts from the split of the map accepted last.
 */
public final class FlowObjective {
  /** Micro-batches that are looked at, evenly spaced. Chosen without a measurement. */
  private static final int MOST_BATCHES = 24;

  private static final int NONE = -1;

  private final SlotLayout layout;
  private final ObjectiveWeights weights;
  private final DividedTraffic traffic;
  private final float[] slowness;
  private final float[] scale;

  /** Shape [batches][experts]. */
  private final int[][] counts;

  /** Shape [batches][slots]: the tokens of each slot in the accepted map. */
  private double[][] accepted;

  /** As {@link #accepted}, in the map asked for last. */
  private double[][] asked;

  /**
   * @param problem a layer under the rule {@code LP}
   * @param loads its micro-batches, counted in tokens
   */
  public FlowObjective(LayerProblem problem, MicroBatchLoads loads, ObjectiveWeights weights) {
    this.layout = problem.layout();
    this.weights = weights;
    this.traffic = new DividedTraffic(problem);
    this.slowness = layout.topology().slowness(layout.gpus());
    MicroBatchLoads some = loads.spaced(MOST_BATCHES);
    this.scale = some.scale(layout.gpus());
    this.counts = new int[some.batches()][some.experts()];
    for (int b = 0; b < counts.length; b++) {
      for (int e = 0; e < counts[b].length; e++) {
        counts[b][e] = some.tokens(b, e);
      }
    }
    this.accepted = new double[counts.length][layout.slots()];
    this.asked = new double[counts.length][layout.slots()];
  }

  /**
   * Accepts a map.
   *
   * @param slotToExpert shape [slots]: the logical expert in each slot
   * @return its objective, as {@link ObjectiveWeights#objective}
   */
  public double of(int[] slotToExpert) {
    for (double[] tokens : accepted) {
      Arrays.fill(tokens, 0);
    }
    double objective = objective(slotToExpert, NONE, NONE);
    accept();
    return objective;
  }

  /**
   * The objective of the accepted map with other experts in one or two of its slots.
   *
   * @param slotToExpert shape [slots]: the logical expert in each slot
   * @param p a slot whose expert is another
   * @param q the other slot, or the same
   */
  public double changed(int[] slotToExpert, int p, int q) {
    return objective(slotToExpert, p, q);
  }

  /** Accepts the map asked for last. */
  public void accept() {
    double[][] last = asked;
    asked = accepted;
    accepted = last;
  }

  private double objective(int[] slotToExpert, int p, int q) {
    CopyTable copies = CopyTable.of(slotToExpert, counts[0].length);
    BalancedShares shares = BalancedShares.toChooseBy(copies, layout.slotsPerGpu());
    double sum = 0;
    for (int b = 0; b < counts.length; b++) {
      double[] tokens = asked[b];
      System.arraycopy(accepted[b], 0, tokens, 0, tokens.length);
      if (p != NONE) {
        tokens[p] = 0;
        tokens[q] = 0;
      }
      shares.balance(counts[b], tokens);
      double max = 0;
      for (int g = 0; g < slowness.length; g++) {
        max = Math.max(max, shares.rowsOfGpu(g) * slowness[g]);
      }
      sum += max * scale[b];
      double[] rows = shares.rows();
      for (int i = 0; i < rows.length; i++) {
        tokens[copies.slot()[i]] = rows[i];
      }
    }
    traffic.split(copies, asked);
    return weights.objective(
        traffic.remoteNodesPerToken(), sum / counts.length, traffic.maxOverMeanReceive());
  }
}
