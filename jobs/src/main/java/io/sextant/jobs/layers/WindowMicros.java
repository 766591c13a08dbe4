package io.sextant.jobs.layers;

import io.sextant.jobs.serving.LayerShape;
import io.sextant.jobs.window.LayerTrace;
import io.sextant.jobs.window.Pool;
import io.sextant.placement.copies.LayerDispatch;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.ServedPhases;
import io.sextant.placement.grouping.LayerRequests;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import java.util.List;

/**
 * The exact predicted time of a layer on the requests that it is planned from, to choose among
 * maps. The search minimises remote nodes and imbalance at a fixed price, which is close to this
 * time but not the same.
 */
record WindowMicros(LayerShape shape, CostModel cost, LayerTrace trace) {

  /**
   * Whether a map that only balances GPUs can be the best one under a profile, so that it has to be
   * compared: copies bring no traffic under the rule, or traffic hardly depends on the map.
   */
  static boolean balanceAloneCanWin(LayerShape shape) {
    CopyRule rule = shape.profile().copyRule();
    return !rule.prefersNear()
        && (!rule.hasViews() || shape.transport() != Transport.NODE_DEDUPLICATED);
  }

  /**
   * The map with the least predicted time; the first of them if several have it, or if the window
   * is shorter than a micro-batch. Maps with two copies of an expert on a GPU are passed over.
   *
   * @param slots the layout that the maps fill
   * @param maps shape [maps][slots]: the logical expert in each slot; the first one has no such
   *     copies
   */
  int[] best(SlotLayout slots, List<int[]> maps) {
    int[] best = maps.get(0);
    double least = of(slots, best);
    for (int[] map : maps.subList(1, maps.size())) {
      double micros = hasSharedGpu(slots, map) ? Double.NaN : of(slots, map);
      if (micros < least) {
        best = map;
        least = micros;
      }
    }
    return best;
  }

  private boolean hasSharedGpu(SlotLayout slots, int[] map) {
    PlacementMap alone =
        new PlacementMap(
            shape.model().name(),
            trace.requests().experts(),
            List.of(trace.layer()),
            new int[][] {map});
    return !alone.sharedGpus(slots.gpus()).isEmpty();
  }

  /** Microseconds per micro-batch of all rows; NaN if the window is shorter than one. */
  private double of(SlotLayout slots, int[] map) {
    ServingProfile profile = shape.profile();
    boolean steps = shape.pool() == Pool.DECODE;
    // Every row counts as a row of one phase, so that there is one stream to count.
    LayerEvaluator evaluator =
        new LayerEvaluator(
            LayerDispatch.of(profile.copyRule(), slots, map, trace.requests().experts()),
            profile,
            steps ? ServedPhases.DECODE : ServedPhases.PREFILL,
            cost);
    LayerRequests requests = trace.requests();
    int topK = requests.topK();
    int[] start = requests.start();
    for (int r = 0; r < requests.requests(); r++) {
      int rows = start[r + 1] - start[r];
      evaluator.add(
          Arrays.copyOfRange(requests.ids(), start[r] * topK, start[r + 1] * topK),
          topK,
          steps ? 0 : rows,
          steps ? rows : 0,
          trace.sourceNode()[r] * slots.gpusPerNode() + requests.localGpu()[r]);
    }
    return evaluator.tally().metrics().layerMicros();
  }
}
