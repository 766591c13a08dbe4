package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The placement of the experts: the logical expert in each physical slot of each MoE layer. Slot
 * {@code p} of a layer with {@code S} slots is on GPU {@code p / (S / gpus)}; GPU {@code g} is in
 * node {@code g / gpusPerNode}.
 *
 * @param model the model's name
 * @param experts logical experts per layer
 * @param layers absolute ids of the MoE layers, ascending
 * @param physicalToLogical shape [layers][slots]
 */
public record PlacementMap(
    String model, int experts, List<Integer> layers, int[][] physicalToLogical) {

  /** The value that EPLB-like tools write into a slot that holds no expert. */
  private static final int UNUSED = -1;

  public PlacementMap {
    layers = List.copyOf(layers);
    if (layers.size() != physicalToLogical.length) {
      throw new IllegalArgumentException(
          "The map has %d layer ids but %d rows"
              .formatted(layers.size(), physicalToLogical.length));
    }
  }

  /** Number of slots of the layer at this index (not its absolute id). */
  public int slots(int layerIndex) {
    return physicalToLogical[layerIndex].length;
  }

  /** The linear map: expert e in slot e of every layer, without copies. */
  public static PlacementMap linear(ModelSpec model) {
    int[][] slots = new int[model.moeLayers().size()][model.experts()];
    for (int[] row : slots) {
      Arrays.setAll(row, expert -> expert);
    }
    return new PlacementMap(model.name(), model.experts(), model.moeLayers(), slots);
  }

  /**
   * The faults that make the map unusable on this many GPUs, one line each: an id that is not an
   * expert, an expert without a slot, or a number of slots that is not a multiple of the GPUs.
   * Empty if the map is usable.
   */
  public List<String> faults(int gpus) {
    List<String> faults = new ArrayList<>();
    for (int index = 0; index < physicalToLogical.length; index++) {
      int layer = layers.get(index);
      int[] row = physicalToLogical[index];
      if (row.length % gpus != 0) {
        faults.add(
            "layer %d has %d slots, which %d GPUs do not divide"
                .formatted(layer, row.length, gpus));
      }
      boolean[] placed = new boolean[experts];
      for (int slot = 0; slot < row.length; slot++) {
        if (row[slot] == UNUSED) {
          faults.add(
              "layer %d, slot %d is unused (-1), and unused slots are not supported"
                  .formatted(layer, slot));
        } else if (row[slot] < 0 || row[slot] >= experts) {
          faults.add(
              "layer %d, slot %d: expert %d is not one of the %d experts"
                  .formatted(layer, slot, row[slot], experts));
        } else {
          placed[row[slot]] = true;
        }
      }
      for (int expert = 0; expert < experts; expert++) {
        if (!placed[expert]) {
          faults.add("layer %d: expert %d has no slot".formatted(layer, expert));
        }
      }
    }
    return faults;
  }

  /**
   * Copies of one expert on one GPU, one line each. An engine can run such a map, but the second
   * copy has no benefit, and our maps have none.
   *
   * @throws IllegalArgumentException if the map has {@link #faults}
   */
  public List<String> sharedGpus(int gpus) {
    if (!faults(gpus).isEmpty()) {
      throw new IllegalArgumentException("The map is not usable: " + faults(gpus).get(0));
    }
    List<String> shared = new ArrayList<>();
    for (int index = 0; index < physicalToLogical.length; index++) {
      int[] row = physicalToLogical[index];
      int slotsPerGpu = row.length / gpus;
      int[] lastGpu = new int[experts];
      Arrays.fill(lastGpu, -1);
      for (int slot = 0; slot < row.length; slot++) {
        int gpu = slot / slotsPerGpu;
        if (lastGpu[row[slot]] == gpu) {
          shared.add(
              "layer %d, slot %d: GPU %d already holds a copy of expert %d"
                  .formatted(layers.get(index), slot, gpu, row[slot]));
        }
        lastGpu[row[slot]] = gpu;
      }
    }
    return shared;
  }

  /**
   * Checks that the map is usable.
   *
   * @param where the file it came from, for the message
   * @throws InvalidInputException with the first of the {@link #faults}
   */
  public void requireUsable(String where, int gpus) {
    List<String> faults = faults(gpus);
    if (!faults.isEmpty()) {
      throw InvalidInputException.of(
          where,
          faults.get(0) + (faults.size() > 1 ? " (and %d more)".formatted(faults.size() - 1) : ""),
          "Make a map for %d GPUs with every expert in it".formatted(gpus));
    }
  }

  /**
   * As {@link #requireSound(String, int)}, for a map derived from the one in force: if the map in
   * force has copies of an expert on one GPU, the GPU may keep them, but it may not get more.
   *
   * @param current the map in force, with the same layers, experts and slots
   */
  public void requireSound(String where, int gpus, PlacementMap current) {
    requireUsable(where, gpus);
    for (int index = 0; index < physicalToLogical.length; index++) {
      int[] held = copiesOnGpus(index, gpus);
      int[] before = current.copiesOnGpus(index, gpus);
      for (int i = 0; i < held.length; i++) {
        if (held[i] > Math.max(1, before[i])) {
          throw InvalidInputException.of(
              where,
              "layer %d: GPU %d would hold %d copies of expert %d"
                  .formatted(layers.get(index), i / experts, held[i], i % experts),
              "Put the copies of an expert on different GPUs");
        }
      }
    }
  }

  /** The number of copies of each expert per GPU, shape [gpus x experts]. */
  private int[] copiesOnGpus(int layerIndex, int gpus) {
    int[] row = physicalToLogical[layerIndex];
    int slotsPerGpu = row.length / gpus;
    int[] copies = new int[gpus * experts];
    for (int slot = 0; slot < row.length; slot++) {
      copies[slot / slotsPerGpu * experts + row[slot]]++;
    }
    return copies;
  }

  /**
   * Checks that the map is usable and that no GPU holds two copies of one expert.
   *
   * @param where the file it came from, for the message
   * @throws InvalidInputException with the first of the {@link #faults} or {@link #sharedGpus}
   */
  public void requireSound(String where, int gpus) {
    requireUsable(where, gpus);
    List<String> shared = sharedGpus(gpus);
    if (!shared.isEmpty()) {
      throw InvalidInputException.of(
          where, shared.get(0), "Put the copies of an expert on different GPUs");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PlacementMap map
        && model.equals(map.model)
        && experts == map.experts
        && layers.equals(map.layers)
        && Arrays.deepEquals(physicalToLogical, map.physicalToLogical);
  }

  @Override
  public int hashCode() {
    return Objects.hash(model, experts, layers, Arrays.deepHashCode(physicalToLogical));
  }
}
