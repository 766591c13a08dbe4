package io.sextant.placement.search;

import io.sextant.placement.objective.GpuLoads;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * The energy of the joint annealing, and its change if two experts get other slots: traffic, GPU
 * load and node receive. The hash over copies is taken in expectation, except that the energy
 * counts traffic exactly.
 *
 * <p>Node receive is a surrogate: the objective has the excess of the busiest node, the energy the
 * sum of every node's squared excess. Squares also tell apart states with the same busiest node,
 * and they cost less traffic. With the objective's own term in place of the squares (measured
 * 2026-11-30, docs/evidence/solver.md, "Node receive in the joint annealing") the objective is 0.2
 * to 1.3 % lower on the window; on later days traffic is 0.3 to 0.5 % higher and the predicted
 * layer time within 1 % either way. The result is compared on the exact objective before it
 * replaces a plan.
 */
final class JointCost {
  /**
   * A proposal whose expected traffic exceeds the threshold by more than this, in max/mean GPU
   * load, is rejected before its load is computed: load hardly ever gains as much. Chosen without a
   * measurement.
   */
  private static final double MOST_LOAD_GAIN = 4e-3;

  private final SlotLayout layout;
  private final CopyPartition partition;
  private final GpuLoads loads;
  private final double gpuLoadWeight;
  private final double nodeReceiveWeight;
  private final double[] change;
  private double imbalance;

  /**
   * @param slots shape [slots]: the logical expert in each slot
   */
  JointCost(LayerContext context, int[] slots) {
    LayerProblem problem = context.problem();
    this.layout = problem.layout();
    this.gpuLoadWeight = context.weights().gpuLoad();
    this.nodeReceiveWeight = context.weights().nodeReceive();
    this.loads = new GpuLoads(layout, context.loads(), slots);
    this.imbalance = loads.imbalance();
    long[] masks = new long[problem.tokens().experts()];
    for (int p = 0; p < slots.length; p++) {
      masks[slots[p]] |= 1L << layout.nodeOfSlot(p);
    }
    this.partition = new CopyPartition(problem.tokens(), context.index(), layout, masks);
    this.change = new double[layout.nodes()];
  }

  /** The load of GPUs, and with it the slots of each expert. */
  GpuLoads loads() {
    return loads;
  }

  /**
   * Gives two experts these slots in place of their own if that raises the energy by no more than
   * the threshold.
   *
   * @param slotsA shape [copies of a], ascending
   * @param slotsB shape [copies of b], ascending
   * @return whether they have them now
   */
  boolean change(int a, int[] slotsA, int b, int[] slotsB, double threshold) {
    long toA = nodes(slotsA);
    long toB = nodes(slotsB);
    boolean moves = toA != partition.mask(a) || toB != partition.mask(b);
    double apart = 0;
    double perToken = partition.perToken();
    if (moves) {
      Arrays.fill(change, 0);
      partition.addExpected(a, toA, change);
      partition.addExpected(b, toB, change);
      for (double c : change) {
        apart += c * perToken;
      }
      if (apart > threshold + MOST_LOAD_GAIN * Math.max(1, gpuLoadWeight)) {
        return false;
      }
    }
    double trial = loads.trial(a, slotsA, b, slotsB);
    double delta = gpuLoadWeight * (trial - imbalance);
    // The tokens that hold both seldom make an exchange better than the sum of its halves.
    if (delta + apart > threshold) {
      return false;
    }
    if (moves) {
      partition.addTogether(a, toA, b, toB, change);
      double before = partition.remoteNodes();
      double after = before;
      for (double c : change) {
        after += c;
        delta += c * perToken;
      }
      int nodes = change.length;
      for (int n = 0; n < nodes && before > 0 && after > 0; n++) {
        double was = partition.received(n);
        delta +=
            receivePenalty(nodes * (was + change[n]) / after)
                - receivePenalty(nodes * was / before);
      }
      if (delta > threshold) {
        return false;
      }
    }
    loads.commit();
    imbalance = trial;
    if (moves) {
      partition.assign(a, toA);
      partition.assign(b, toB);
    }
    return true;
  }

  private long nodes(int[] slots) {
    long mask = 0;
    for (int p : slots) {
      mask |= 1L << layout.nodeOfSlot(p);
    }
    return mask;
  }

  /** A surrogate for the excess of the busiest node: see the class. */
  private double receivePenalty(double overMean) {
    double excess = overMean - 1;
    return excess > 0 ? nodeReceiveWeight * excess * excess : 0;
  }

  double energy() {
    double total = partition.remoteNodes();
    double energy = partition.remoteNodesPerToken() + gpuLoadWeight * imbalance;
    for (int n = 0; n < change.length && total > 0; n++) {
      energy += receivePenalty(change.length * partition.received(n) / total);
    }
    return energy;
  }
}
