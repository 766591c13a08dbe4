package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What is known of one engine ({@code <id>.yaml} beside this class).
 *
 * @param name the engine's name
 * @param style how its options are written
 * @param figures which options say what it is started with
 * @param configFiles options that name a file of further options
 * @param needs the options it needs to use a map
 * @param facts what it does that is not expected
 * @param models what its model classes want of a map; empty if all want the same
 */
public record EngineGuide(
    @JsonProperty(value = "name", required = true) String name,
    @JsonProperty(value = "style", required = true) Style style,
    @JsonProperty(value = "figures", required = true) Figures figures,
    @JsonProperty(value = "config_files", required = true) List<String> configFiles,
    @JsonProperty(value = "needs", required = true) List<EngineNeed> needs,
    @JsonProperty(value = "facts", required = true) List<EngineFact> facts,
    @JsonProperty(value = "models", required = true) List<SglangModels.ModelClass> models) {
  private static final ObjectMapper YAML = new YAMLMapper();

  /** How options are written. */
  enum Style {
    /** On the command line. */
    @JsonProperty("flags")
    FLAGS,
    /** In a YAML file. */
    @JsonProperty("yaml")
    YAML
  }

  /**
   * The options that say what an engine is started with, each under all its names.
   *
   * @param gpus factors of the expert-parallel size
   * @param redundant slots beyond the experts
   * @param slots physical slots of each layer
   */
  record Figures(
      @JsonProperty("gpus") List<List<String>> gpus,
      @JsonProperty("redundant") List<String> redundant,
      @JsonProperty("slots") List<String> slots) {}

  /**
   * @param id the engine's id, for example {@code vllm-ascend}
   */
  public static EngineGuide of(String id) {
    try (InputStream in = EngineGuide.class.getResourceAsStream(id + ".yaml")) {
      if (in == null) {
        throw new IllegalArgumentException("There is no guide for " + id);
      }
      return YAML.readValue(in, EngineGuide.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
