package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The files that engines load a placement map from, each written whole and read back. */
public enum EngineFormat {
  /** {@code --init-expert-location}. */
  SGLANG("SGLang", new SglangInitExpertLocation()),
  /** A JSONL record, {@code eplb_config.initial_mapping_path} (vLLM pull request 41141). */
  VLLM_RECORD("vLLM", new VllmInitialMapping()),
  /** A list of lists, {@code eplb_config.initial_expert_map_path} (vLLM pull request 49572). */
  VLLM_LIST("vLLM", new VllmExpertMap()),
  /** {@code expert_map_path}. */
  VLLM_ASCEND("vLLM-Ascend", new AscendExpertMap()),
  /** The YAML of {@code moe_config.load_balancer}. */
  TENSORRT_LLM("TensorRT-LLM", new TensorRtLoadBalancer()),
  /** The tensors that DeepSeek's EPLB returns, as safetensors. */
  EPLB("EPLB", new EplbArrays());

  private final String engine;

  // No format has a field: what they are given goes through their methods alone.
  @SuppressWarnings("ImmutableEnumChecker")
  private final EngineFile file;

  EngineFormat(String engine, EngineFile file) {
    this.engine = engine;
    this.file = file;
  }

  /**
   * Writes the map and reads it back.
   *
   * @param gpus the engine's expert-parallel size
   * @throws InvalidInputException before anything is written, where the engine would refuse the map
   * @throws IOException where the storage fails
   */
  public void write(Path path, PlacementMap map, int gpus) throws IOException {
    byte[] bytes = encode(path.toString(), map, gpus);
    // Written aside first: a map that is cut off would be loaded by nobody, or worse, by somebody.
    Path aside = path.resolveSibling(path.getFileName() + ".part");
    try {
      Files.write(aside, bytes);
      if (!file.decode(aside.toString(), Files.readAllBytes(aside)).holds(map)) {
        throw new IOException("Cannot write " + path + ": it reads back as another map");
      }
      Files.move(aside, path, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /**
   * The file's bytes.
   *
   * @param where the file, for messages
   * @throws InvalidInputException where the engine would refuse the map
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
