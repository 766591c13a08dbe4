package io.sextant.placement.migration;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.placement.PlacementMap;
import java.util.ArrayList;
import java.util.List;

/**
 * How a whole model gets from one map to another, layer after layer.
 *
 * @param model the model's name
 * @param layout the physical slots of every layer
 * @param expertBytes weights of one expert
 * @param layers in order, those without moves too
 */
public record Moves(String model, SlotLayout layout, long expertBytes, List<LayerMoves> layers) {

  public Moves {
    layers = List.copyOf(layers);
  }

  /**
   * @param mostCopiedSlots the most that may be copied in all; what the plan itself leaves of it
   *     breaks long rings
   */
  public static Moves between(
      SlotLayout layout,
      PlacementMap current,
      PlacementMap target,
      long expertBytes,
      long mostCopiedSlots) {
    int[][] from = current.physicalToLogical();
    int[][] to = target.physicalToLogical();
    int[] moved = new int[from.length];
    long extra = mostCopiedSlots;
    for (int l = 0; l < from.length; l++) {
      moved[l] = MovedSlots.count(layout, from[l], to[l]);
      extra -= moved[l];
    }
    List<LayerMoves> layers = new ArrayList<>();
    for (int l = 0; l < from.length; l++) {
      MoveList moves =
          MoveList.of(layout, from[l], to[l], (int) Math.max(0, Math.min(extra, layout.slots())));
      extra -= Math.max(0, moves.copiedSlots() - moved[l]);
      layers.add(new LayerMoves(current.layers().get(l), moved[l], moves));
    }
    return new Moves(target.model(), layout, expertBytes, layers);
  }

  /** Bytes that the new map needs on GPUs which do not have them. */
  public long movedBytes() {
    return expertBytes * layers.stream().mapToLong(LayerMoves::movedSlots).sum();
  }

  /** Bytes that travel between GPUs in all steps: the moved ones, and those parked for a while. */
  public long copiedBytes() {
    return expertBytes * layers.stream().mapToLong(layer -> layer.moves().copiedSlots()).sum();
  }

  /** Memory a GPU has to have free beside its slots. */
  public long stagingBytesOnGpu() {
    return expertBytes
        * layers.stream().mapToLong(l -> l.moves().mostStagedSlotsOnGpu()).max().orElse(0);
  }

  /** Steps of all layers. */
  public int steps() {
    return layers.stream().mapToInt(layer -> layer.moves().steps().size()).sum();
  }
}
