package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.NearestName;
import io.sextant.schema.engine.SglangModels;
import io.sextant.schema.file.CompleteFile;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The file formats from which engines load a placement map. */
public enum EngineFormat {
  /** {@code --init-expert-location}; SGLang takes a name without .json for JSON text. */
  SGLANG(
      "sglang",
      "SGLang",
      "expert_location.json",
      ".json",
      "init_expert_location",
      new SglangInitExpertLocation()),
  /** A JSONL record, {@code eplb_config.initial_mapping_path} (vLLM pull request 41141). */
  VLLM_RECORD(
      "vllm",
      "vLLM",
      "initial_mapping.jsonl",
      "",
      "eplb_config.initial_mapping_path",
      new VllmInitialMapping()),
  /** A list of lists, {@code eplb_config.initial_expert_map_path} (vLLM pull request 49572). */
  VLLM_LIST(
      "vllm",
      "vLLM",
      "initial_expert_map.json",
      "",
      "eplb_config.initial_expert_map_path",
      new VllmExpertMap()),
  /** {@code expert_map_path}; the engine checks the extension (vllm_ascend/ascend_config.py). */
  VLLM_ASCEND(
      "vllm-ascend",
      "vLLM-Ascend",
      "expert_map.json",
      ".json",
      "additional_config.eplb_config.expert_map_path",
      new AscendExpertMap()),
  /** The YAML of {@code moe_config.load_balancer}. */
  TENSORRT_LLM(
      "tensorrt-llm",
      "TensorRT-LLM",
      "moe_load_balancer.yaml",
      "",
      "moe_config.load_balancer",
      new TensorRtLoadBalancer()),
  /** The tensors that DeepSeek's EPLB returns, as safetensors. */
  EPLB("eplb", "EPLB", "eplb.safetensors", "", "", new EplbArrays());

  private final String id;
  private final String engine;
  private final String fileName;
  private final String suffix;
  private final String option;

  // Formats are stateless: what they need is passed to their methods.
  @SuppressWarnings("ImmutableEnumChecker")
  private final EngineFile file;

  EngineFormat(
      String id, String engine, String fileName, String suffix, String option, EngineFile file) {
    this.id = id;
    this.engine = engine;
    this.fileName = fileName;
    this.suffix = suffix;
    this.option = option;
    this.file = file;
  }

  /** The engine's name on the command line; two formats of one engine share it. */
  public String id() {
    return id;
  }

  /** The engine's name in messages. */
  public String engine() {
    return engine;
  }

  /** A name that the engine accepts. */
  public String fileName() {
    return fileName;
  }

  /**
   * The engine's option that names the file, nested fields joined by dots; empty if it has none.
   */
  public String option() {
    return option;
  }

  /** The engines' ids, sorted. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(EngineFormat::id).distinct().sorted().toList();
  }

  /**
   * The format of an engine; the first one if the engine has two.
   *
   * @param option the option that names the engine, for messages
   * @throws InvalidInputException if there is no such engine
   */
  public static EngineFormat of(String option, String id) {
    return Arrays.stream(values())
        .filter(format -> format.id.equals(id.toLowerCase(Locale.ROOT).replace('_', '-')))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    option + " " + id,
                    "there is no such engine",
                    NearestName.remedy(id, ids()) + "Give one of " + String.join(", ", ids())));
  }

  /**
   * The file to write; if the path is a folder, a file with the proposed name in it.
   *
   * @param option the option that names the file, for messages
   * @throws InvalidInputException if the engine would refuse the name
   */
  public Path file(String option, Path out) {
    Path path = Files.isDirectory(out) ? out.resolve(fileName) : out;
    if (!path.toString().endsWith(suffix)) {
      throw InvalidInputException.of(
          option + " " + out,
          "%s only loads a map whose name ends in %s".formatted(engine, suffix),
          "Name it " + fileName);
    }
    return path;
  }

  /**
   * The map with the rows that the engine looks up. SGLang looks up every hidden layer by its
   * absolute id, and its MTP layer in row 0 (models/deepseek_nextn.py). TensorRT-LLM and
   * vLLM-Ascend look up MTP layers after the others. Rows that the plan does not have get the
   * linear order.
   *
   * @param map a map with one row per MoE layer
   * @throws InvalidInputException if {@code ALL} is asked for and the engine counts MoE layers
   */
  public PlacementMap rowsOf(PlacementMap map, ModelSpec model, EngineRows rows) {
    if (rows == EngineRows.ALL && this != SGLANG) {
      throw InvalidInputException.of(
          "--rows all", id + " takes the MoE layers only", "Leave --rows out");
    }
    if (rows == EngineRows.MOE || map.layers().isEmpty()) {
      return map;
    }
    return switch (this) {
      case SGLANG ->
          rows == EngineRows.ALL || SglangModels.looksUpHiddenLayers(model.modelClass())
              ? LookedUpRows.hiddenLayers(map, model)
              : map;
      case TENSORRT_LLM, VLLM_ASCEND -> LookedUpRows.mtpLayers(map, model);
      case VLLM_RECORD, VLLM_LIST, EPLB -> map;
    };
  }

  /**
   * Encodes the map, reads it back to verify it, and writes it.
   *
   * @param gpus the engine's expert-parallel size
   * @throws InvalidInputException before anything is written, if the engine would refuse the map
   * @throws IOException if the storage fails
   */
  public void write(Path path, PlacementMap map, int gpus) throws IOException {
    byte[] bytes = encode(path.toString(), map, gpus);
    if (!file.decode(path.toString(), bytes).holds(map)) {
      throw new IOException("Cannot write " + path + ": it reads back as a different map");
    }
    // An engine never loads a truncated map.
    CompleteFile.write(path, bytes);
  }

  /**
   * The file's bytes.
   *
   * @param where the file, for messages
   * @throws InvalidInputException if the engine would refuse the map
   */
  public byte[] encode(String where, PlacementMap map, int gpus) {
    if (map.layers().isEmpty()) {
      throw InvalidInputException.of(where, "the map has no layers", "Make a map of a MoE model");
    }
    map.requireUsable(where, gpus);
    for (int index = 1; index < map.layers().size(); index++) {
      if (map.slots(index) != map.slots(0)) {
        throw InvalidInputException.of(
            where,
            "layer %d has %d slots, but layer %d has %d"
                .formatted(
                    map.layers().get(index), map.slots(index), map.layers().get(0), map.slots(0)),
            engine + " needs the same number of slots in every layer");
      }
    }
    return file.encode(where, map, gpus);
  }

  MapRows decode(String where, byte[] bytes) {
    return file.decode(where, bytes);
  }
}
