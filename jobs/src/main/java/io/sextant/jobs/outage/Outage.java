package io.sextant.jobs.outage;

import io.sextant.placement.outage.LostGpus;
import io.sextant.placement.outage.SurvivorMap;
import io.sextant.schema.placement.PlacementMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A loss of GPUs, and the map that is prepared for it.
 *
 * @param name what is lost, for messages and files
 * @param gpus the GPUs
 * @param layers the map of each layer
 */
record Outage(String name, LostGpus gpus, List<SurvivorMap> layers) {

  /**
   * @param map shape [layers][slots]: the logical expert in each slot before
   * @param avoided GPUs that get no expert
   * @param load shape [layers][experts]: tokens of each expert
   */
  static Outage of(String name, LostGpus lost, LostGpus avoided, int[][] map, double[][] load) {
    List<SurvivorMap> layers = new ArrayList<>();
    for (int l = 0; l < map.length; l++) {
      layers.add(SurvivorMap.of(map[l], lost, avoided, load[l]));
    }
    return new Outage(name, lost, layers);
  }

  /** Experts that the lost GPUs alone had, over all layers. */
  int lostExperts() {
    return layers.stream().mapToInt(SurvivorMap::lost).sum();
  }

  /** Experts that the GPUs that are left have no room for, over all layers. */
  int missingExperts() {
    return layers.stream().mapToInt(SurvivorMap::missing).sum();
  }

  /** Shape [layers][slots]: the prepared map, with empty slots on the lost GPUs. */
  int[][] slots() {
    return layers.stream().map(SurvivorMap::slots).toArray(int[][]::new);
  }

  /** The prepared map for the GPUs that are left, numbered anew in their order. */
  PlacementMap compact(PlacementMap before) {
    int perGpu = gpus.layout().slotsPerGpu();
    int from = gpus.first() * perGpu;
    int to = from + gpus.count() * perGpu;
    int[][] rows = new int[layers.size()][];
    for (int l = 0; l < rows.length; l++) {
      int[] all = layers.get(l).slots();
      rows[l] = Arrays.copyOf(all, all.length - to + from);
      System.arraycopy(all, to, rows[l], from, all.length - to);
    }
    return new PlacementMap(before.model(), before.experts(), before.layers(), rows);
  }
}
