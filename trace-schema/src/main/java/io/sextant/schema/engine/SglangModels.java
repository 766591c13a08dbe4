package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What SGLang's model classes want of a map: {@code num_layers} of their {@code
 * get_model_config_for_expert_location}.
 */
public final class SglangModels {
  private static final List<ModelClass> MODELS = EngineGuide.of("sglang").models();

  private SglangModels() {}

  /** Which rows a class looks up. */
  public enum Rows {
    /** A row for every hidden layer, by absolute id. */
    @JsonProperty("hidden_layers")
    HIDDEN_LAYERS,
    /** A row for each MoE layer, by place. */
    @JsonProperty("moe_layers")
    MOE_LAYERS,
    /** The class has no expert locations. */
    @JsonProperty("none")
    NONE
  }

  /**
   * One class.
   *
   * @param modelClass its name, as {@code architectures} of a published configuration has it
   * @param rows which rows it looks up
   * @param source its file in {@code python/sglang/srt/models}
   * @param commit the commit that was read
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
   * Whether a map needs a row for every hidden layer, as it does for all classes but those known to
   * count MoE layers.
   *
   * @param modelClass the class; null if it is not known
   */
  public static boolean looksUpHiddenLayers(String modelClass) {
    return MODELS.stream()
        .noneMatch(
            model -> model.modelClass().equals(modelClass) && model.rows() == Rows.MOE_LAYERS);
  }
}
