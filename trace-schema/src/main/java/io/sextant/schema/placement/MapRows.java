package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The slots of a map as stored in an engine's file: without the model, and often without the
 * layers.
 *
 * @param layers the absolute layer id of each row, ascending; null if the file gives no ids
 * @param order the way in which rows without ids are counted; null if the rows have ids
 * @param slots shape [rows][slots]
 */
record MapRows(List<Integer> layers, RowOrder order, int[][] slots) {
  /** If there are more surplus rows than this, the map is of another model. */
  private static final int MOST_MTP_LAYERS = 4;

  static MapRows inOrder(RowOrder order, int[][] slots) {
    return new MapRows(null, order, slots);
  }

  static MapRows byId(List<Integer> layers, int[][] slots) {
    return new MapRows(layers, null, slots);
  }

  boolean holds(PlacementMap map) {
    return (layers == null || layers.equals(map.layers()))
        && Arrays.deepEquals(slots, map.physicalToLogical());
  }

  /**
   * The map of the MoE layers of a model. Rows of dense layers and of the model's MTP layers are
   * left out: engines look them up, but they are not part of a plan.
   *
   * @throws InvalidInputException if the rows do not fit the model, or there are none
   */
  PlacementMap of(String where, ModelSpec model) {
    if (model == null) {
      throw InvalidInputException.of(
          where, "the map does not say which model it is for", "Name the model with it");
    }
    int[][] rows = layers == null ? inOrder(where, model) : byId(where, model);
    return new PlacementMap(model.name(), model.experts(), model.moeLayers(), rows);
  }

  private int[][] inOrder(String where, ModelSpec model) {
    int moeLayers = model.moeLayers().size();
    boolean ofMoeLayers = fits(moeLayers, model);
    boolean ofHiddenLayers = fits(model.layers(), model);
    if (!ofMoeLayers && !ofHiddenLayers) {
      throw wrongCount(where, model);
    }
    if (ofMoeLayers && ofHiddenLayers && moeLayers < model.layers() && order == RowOrder.UNSAID) {
      throw InvalidInputException.of(
          where,
          "%d rows can be those of all %d layers of %s or of its %d MoE and %d MTP layers"
              .formatted(
                  slots.length, model.layers(), model.name(), moeLayers, slots.length - moeLayers),
          "Leave the rows of MTP layers out");
    }
    return ofHiddenLayers && (order == RowOrder.HIDDEN_LAYERS || !ofMoeLayers)
        ? model.moeLayers().stream().map(layer -> slots[layer]).toArray(int[][]::new)
        : Arrays.copyOf(slots, moeLayers);
  }

  /**
   * Whether there is one row for each of this many layers, and none, some or all of the MTP layers
   * in addition.
   */
  private boolean fits(int layerCount, ModelSpec model) {
    int mtpRows = slots.length - layerCount;
    return mtpRows >= 0 && mtpRows <= model.mtpLayers();
  }

  private InvalidInputException wrongCount(String where, ModelSpec model) {
    int beyondMoe = slots.length - model.moeLayers().size();
    int beyondAll = slots.length - model.layers();
    int tooMany = beyondAll > 0 ? beyondAll : beyondMoe;
    boolean mtp = tooMany > 0 && tooMany <= MOST_MTP_LAYERS;
    return InvalidInputException.of(
        where,
        "%d rows, %sbut %s has %d MoE layers (%d layers in all)%s"
            .formatted(
                slots.length,
                mtp ? "%d too many, ".formatted(tooMany - model.mtpLayers()) : "",
                model.name(),
                model.moeLayers().size(),
                model.layers(),
                mtp ? " and %d MTP layers".formatted(model.mtpLayers()) : ""),
        mtp ? mtpRemedy(tooMany) : "Name a map of this model");
  }

  private int[][] byId(String where, ModelSpec model) {
    List<Integer> moeLayers = model.moeLayers();
    Set<Integer> unknown = new HashSet<>(layers);
    unknown.removeIf(layer -> layer < model.layers() + model.mtpLayers() && layer >= 0);
    if (!layers.containsAll(moeLayers) || unknown.size() > MOST_MTP_LAYERS) {
      throw InvalidInputException.of(
          where,
          "the map is for the layers %s, but the MoE layers of %s are %s"
              .formatted(layers, model.name(), moeLayers),
          "Name a map of this model");
    }
    if (!unknown.isEmpty()) {
      throw InvalidInputException.of(
          where,
          "layer %d is one too many: %s has layers 0 to %d and %d MTP layers"
              .formatted(
                  layers.get(layers.size() - 1),
                  model.name(),
                  model.layers() - 1,
                  model.mtpLayers()),
          mtpRemedy(layers.get(layers.size() - 1) - model.layers() + 1));
    }
    return moeLayers.stream().map(layer -> slots[layers.indexOf(layer)]).toArray(int[][]::new);
  }

  private static String mtpRemedy(int mtpLayers) {
    return "Name a map of this model, or write mtp_layers: %d into the model's description"
        .formatted(mtpLayers);
  }
}
