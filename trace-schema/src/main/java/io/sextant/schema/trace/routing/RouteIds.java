package io.sextant.schema.trace.routing;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.SlotMap;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceHints.ExpertIds;
import java.io.IOException;

/**
 * The meaning of a file's ids: logical experts, or physical slots of a map. vLLM once returned
 * slots (github.com/vllm-project/vllm/issues/33013). Unless the user gives the meaning, one id
 * beyond the model's experts shows that all ids are slots.
 */
public final class RouteIds {
  private final int experts;
  private final int[] layers;
  private final SlotMap slots;
  private final ExpertIds meaning;
  private boolean beyondExperts;
  private boolean decided;
  private boolean untranslated;

  /**
   * @throws CorruptTraceException if the user says that ids are slots but there is no map
   */
  public RouteIds(ModelSpec model, TraceHints hints) throws CorruptTraceException {
    this.experts = model.experts();
    this.layers = LayerRows.layersOf(model);
    this.slots = hints.slots();
    this.meaning = hints.expertIds();
    if (meaning == ExpertIds.PHYSICAL && slots == null) {
      throw new CorruptTraceException(
          "its ids are said to be slots (--expert-ids PHYSICAL), but there is no map of the slots: give it with --current-map");
    }
  }

  /** Whether {@link #inspect} has to see all ids before the first one is translated. */
  public boolean undecided() {
    return slots != null && meaning == ExpertIds.AUTO && !beyondExperts && !decided;
  }

  /** To be called after all ids have been inspected. */
  public void decide() {
    decided = true;
  }

  /**
   * Looks for ids that can only be slots.
   *
   * @param positions index of each MoE layer in the array's second dimension
   */
  public void inspect(RouteArray array, int[] positions) throws CorruptTraceException, IOException {
    int topK = (int) array.header().shape()[2];
    int item = array.header().itemBytes();
    int[] ids = new int[topK];
    array.forEachRow(
        (index, row) -> {
          for (int layer = 0; layer < positions.length && !beyondExperts; layer++) {
            int at = positions[layer] * topK * item;
            int[] ofLayer = slots.ofLayer(layers[layer]);
            if (ofLayer == null || isMissing(array, row, at, ids)) {
              continue;
            }
            for (int id : ids) {
              beyondExperts |= id >= experts && id < ofLayer.length;
            }
          }
        });
  }

  /**
   * Reads the ids of one token in one layer.
   *
   * @param at index of the first byte
   * @param ids receives the ids; a value that is not an id becomes negative
   * @return true if there is no route: all ids are -1, or the largest number of an unsigned type
   */
  boolean isMissing(RouteArray array, byte[] row, int at, int[] ids) {
    int item = array.header().itemBytes();
    boolean signed = array.header().signed();
    long largest = item == Long.BYTES ? -1 : (1L << (8 * item)) - 1;
    int missing = 0;
    for (int k = 0; k < ids.length; k++) {
      ids[k] = LittleEndian.id(row, at + k * item, item, signed);
      boolean none = !signed && ids[k] == largest && largest >= experts;
      missing += ids[k] < 0 || none ? 1 : 0;
    }
    return missing == ids.length;
  }

  /** Whether ids are translated. */
  public boolean physical() {
    return meaning == ExpertIds.PHYSICAL || beyondExperts;
  }

  /** Whether some id can only be a slot, but there is no map. */
  public boolean untranslated() {
    return untranslated;
  }

  /** Whether there is a map that has not been used because no id is beyond the experts. */
  public boolean mapUnused() {
    return slots != null && meaning == ExpertIds.AUTO && !beyondExperts;
  }

  /**
   * Translates the ids of one token in one layer in place.
   *
   * @param layer index among the MoE layers
   * @return the fault of the ids; null if there is none
   */
  String translate(int layer, long token, int[] ids) {
    int[] ofLayer = physical() ? slots.ofLayer(layers[layer]) : null;
    for (int k = 0; k < ids.length; k++) {
      if (ofLayer != null) {
        if (ids[k] < 0 || ids[k] >= ofLayer.length) {
          return "layer %d, token %d: id %d is not a slot of the map, which has %d"
              .formatted(layers[layer], token, ids[k], ofLayer.length);
        }
        int expert = ofLayer[ids[k]];
        if (expert < 0) {
          return "layer %d, token %d: slot %d holds no expert in the map"
              .formatted(layers[layer], token, ids[k]);
        }
        ids[k] = expert;
      } else if (physical()) {
        return "layer %d is not in the map of the slots".formatted(layers[layer]);
      } else if (ids[k] >= experts) {
        untranslated |= slots == null;
        return beyond(layers[layer], token, ids[k]);
      }
    }
    return null;
  }

  private String beyond(int layer, long token, int id) {
    String remedy;
    if (meaning == ExpertIds.LOGICAL) {
      remedy = "and ids are said to be logical (--expert-ids LOGICAL)";
    } else if (slots != null) {
      remedy = "nor a slot of the map given with --current-map";
    } else {
      remedy =
          "ids from num_experts on are physical (redundant experts): --current-map translates them with the map that was in force";
    }
    return "layer %d, token %d: id %d is not below num_experts %d; %s"
        .formatted(layer, token, id, experts, remedy);
  }
}
