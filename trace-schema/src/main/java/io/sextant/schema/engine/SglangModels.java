package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The rows that SGLang's model classes need in a map, from {@code num_layers} of their {@code
 * get_model_config_for_expert_location}.
 */
public final class SglangModels {
  private static final List<ModelClass> MODELS = EngineGuide.of("sglang").models();

  private SglangModels() {}

  /** The rows that a class looks up. */
  public enum Rows {
    /** One row per hidden layer, by absolute id. */
    @JsonProperty("hidden_layers")
    HIDDEN_LAYERS,
    /** One row per MoE layer, by position among the MoE layers. */
    @JsonProperty("moe_layers")
    MOE_LAYERS,
    /** The class has no expert locations. */
    @JsonProperty("none")
    NONE
  }

  /**
   * One model class.
   *
   * @param modelClass its name, as {@code architectures} of a published configuration has it
   * @param rows the rows it looks up
   * @param source its file in {@code python/sglang/srt/models}
   * @param commit the commit in which it was read
   */
  public record ModelClass(
      @JsonProperty(value = "class", required = true) String modelClass,
      @JsonProperty(value = "rows", required = true) Rows rows,
      @JsonProperty(value = "source", required = true) String source,
      @JsonProperty(value = "commit", required = true) String commit) {}

  /** All classes that were read. */
  public static List<ModelClass> all() {
    return MODELS;
  }

  /**
   * Whether a class has expert locations in SGLang.
   *
   * @param modelClass the class; null if it is not known
   */
  public static boolean knows(String modelClass) {
    return MODELS.stream()
        .anyMatch(model -> model.modelClass().equals(modelClass) && model.rows() != Rows.NONE);
  }

  /**
   * Whether a map needs one row per hidden layer. It does unless the class is known to count MoE
   * layers only.
   *
   * @param modelClass the class; null if it is not known
   */
  public static boolean looksUpHiddenLayers(String modelClass) {
    return MODELS.stream()
        .noneMatch(
            model -> model.modelClass().equals(modelClass) && model.rows() == Rows.MOE_LAYERS);
  }
}
