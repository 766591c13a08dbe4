package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The facts known about one engine ({@code <id>.yaml} beside this class).
 *
 * @param name the engine's name
 * @param style the syntax of its options
 * @param figures the options that give the figures of a {@link Situation}
 * @param configFiles options that name a file of further options
 * @param needs the options that the engine needs to use a map
 * @param facts the engine's unexpected behaviour
 * @param models the rows that its model classes need in a map; empty if all need the same
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

  /** The syntax of options. */
  enum Style {
    /** On the command line. */
    @JsonProperty("flags")
    FLAGS,
    /** In a YAML file. */
    @JsonProperty("yaml")
    YAML
  }

  /**
   * The options that give an engine's figures, each under all its names.
   *
   * @param gpus factors of the expert-parallel size
   * @param redundant number of slots in addition to one per expert
   * @param slots number of physical slots per layer
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
