package io.sextant.jobs.refresh;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.placement.PlacementMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a version that engines load, below {@code export/<engine>/}. */
final class EngineMaps {
  private record Target(EngineFormat format, String file) {}

  private static final SortedMap<String, Target> ENGINES =
      new TreeMap<>(
          Map.of(
              "sglang", new Target(EngineFormat.SGLANG, "expert_location.json"),
              "vllm", new Target(EngineFormat.VLLM_RECORD, "initial_mapping.jsonl"),
              "vllm-ascend", new Target(EngineFormat.VLLM_ASCEND, "expert_map.json"),
              "tensorrt-llm", new Target(EngineFormat.TENSORRT_LLM, "moe_load_balancer.yaml"),
              "eplb", new Target(EngineFormat.EPLB, "eplb.safetensors")));

  private EngineMaps() {}

  /**
   * @throws InvalidInputException where an engine has no writer
   */
  static void requireKnown(List<String> engines) {
    for (String engine : engines) {
      if (!ENGINES.containsKey(engine)) {
        throw InvalidInputException.of(
            "--engine " + engine,
            "there is no writer for it",
            "Give one of " + String.join(", ", ENGINES.keySet()));
      }
    }
  }

  /**
   * @param where the placement's name, for messages
   * @throws InvalidInputException where an engine refuses the placement
   */
  static SortedMap<String, byte[]> of(
      List<String> engines, String where, PlacementMap map, int gpus) {
    requireKnown(engines);
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (String engine : engines) {
      Target target = ENGINES.get(engine);
      files.put("export/" + engine + "/" + target.file(), target.format().encode(where, map, gpus));
    }
    return files;
  }
}
