package io.sextant.jobs.modelconfig;

import java.util.ArrayList;
import java.util.List;

/**
 * The layers with experts and the layers with a dense MLP. Blocks of hybrid models that only mix
 * tokens have neither.
 *
 * @param moe absolute ids of the layers with experts, ascending
 * @param dense absolute ids of the layers with a dense MLP, ascending
 */
record MoeLayers(List<Integer> moe, List<Integer> dense) {

  /**
   * @param layers number of layers of the model
   * @throws io.sextant.schema.InvalidInputException if the fields are not understood, contradict
   *     one another or leave no layer with experts
   */
  static MoeLayers of(ConfigFields fields, int layers) {
    ListedLayers.Listed listed = new ListedLayers(fields, layers).find();
    LayerRules rules = new LayerRules(fields, layers, listed != null);
    List<Integer> moe = listed == null ? rules.moe() : listed.moe();
    List<String> excluding = rules.fieldsThatExclude();
    if (listed != null && !excluding.isEmpty() && !rules.moe().equals(listed.moe())) {
      throw fields.refuse(
          listed.field(),
          "its layers with experts are not those of %s".formatted(String.join(" and ", excluding)),
          "Only one of them can be right; correct config.json");
    }
    if (moe.isEmpty()) {
      throw fields.refuse(
          listed != null ? listed.field() : String.join(", ", excluding),
          "no layer would have experts",
          "Write the model's description by hand; take one in conf/models as an example");
    }
    return new MoeLayers(moe, listed != null ? listed.dense() : others(moe, layers));
  }

  /** The layers of a model without experts. */
  static MoeLayers none(ConfigFields fields, int layers) {
    ListedLayers.Listed blocks = new ListedLayers(fields, layers).find();
    return new MoeLayers(List.of(), blocks != null ? blocks.dense() : others(List.of(), layers));
  }

  private static List<Integer> others(List<Integer> moe, int layers) {
    List<Integer> others = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      if (!moe.contains(layer)) {
        others.add(layer);
      }
    }
    return others;
  }

  /**
   * The layers as written in {@code conf/models}: first and step if they are evenly spaced to the
   * end, else all ids.
   */
  String yaml(int layers) {
    return YamlLines.layers(moe, layers);
  }
}
