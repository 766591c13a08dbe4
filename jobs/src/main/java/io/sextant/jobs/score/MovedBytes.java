package io.sextant.jobs.score;

import io.sextant.placement.migration.MovedSlots;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Expert weights that plans move from the map in force.
 *
 * @param byPlan bytes of each layer, by name of the plan
 */
public record MovedBytes(Map<String, long[]> byPlan) {
  /** The value if no map is in force. */
  public static final MovedBytes NONE = new MovedBytes(Map.of());

  /**
   * @param current shape [layers][slots]: the map in force
   */
  public static MovedBytes of(
      SlotLayout layout, int[][] current, List<Plan> plans, long expertBytes) {
    Map<String, long[]> byPlan = new LinkedHashMap<>();
    for (Plan plan : plans) {
      long[] bytes = new long[current.length];
      for (int l = 0; l < bytes.length; l++) {
        bytes[l] = expertBytes * MovedSlots.count(layout, current[l], plan.slots()[l]);
      }
      byPlan.put(plan.name(), bytes);
    }
    return new MovedBytes(byPlan);
  }

  /** Bytes of all layers; null if they are not known. */
  public Long total(String plan) {
    return byPlan.containsKey(plan) ? Arrays.stream(byPlan.get(plan)).sum() : null;
  }

  /** Bytes of one layer; null if they are not known. */
  public Long ofLayer(String plan, int layerIndex) {
    return byPlan.containsKey(plan) ? Long.valueOf(byPlan.get(plan)[layerIndex]) : null;
  }
}
