package io.sextant.jobs.placement;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.JsonOption;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.SglangInitExpertLocation;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant export}. */
@Command(
    name = "export",
    description = "Writes a placement as the file an engine loads.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "sglang: --init-expert-location FILE --ep-size GPUS.",
      "vllm: initial_mapping_path of --eplb-config; with --layout LIST initial_expert_map_path.",
      "vllm-ascend: expert_map_path of eplb_config in --additional-config.",
      "tensorrt-llm: load_balancer of moe_config.",
      "eplb: phy2log, log2phy and logcnt as DeepSeek's EPLB returns them, as safetensors.",
      "docs/export.md says what each engine refuses.",
      "Example: sextant export --placement plan --cluster 4x8-h200 --engine sglang"
          + " --out expert_location.json",
      "Example: sextant export --placement plan --cluster 4x8-h200 --engine tensorrt-llm"
          + " --out moe_load_balancer.yaml"
    })
public final class ExportCommand implements Callable<Integer> {
  /** The engines that can be written for. */
  enum Engine {
    SGLANG,
    VLLM,
    VLLM_ASCEND,
    TENSORRT_LLM,
    EPLB;

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Which of vLLM's two files. */
  enum Layout {
    RECORD,
    LIST
  }

  /** Which layers have a row. */
  enum Rows {
    MOE,
    ALL
  }

  @Option(
      names = "--placement",
      required = true,
      paramLabel = "DIR",
      description = "The folder that solve wrote, or any map: Sextant's or an engine's.")
  private Path placement;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model; may be left out where the map says it, as Sextant's does.")
  private String modelName;

  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "NAME",
      description = "The cluster the plan is for.")
  private String cluster;

  @Option(
      names = "--engine",
      required = true,
      paramLabel = "ENGINE",
      description = "One of: ${COMPLETION-CANDIDATES}.")
  private Engine engine;

  @Option(
      names = "--rows",
      defaultValue = "MOE",
      paramLabel = "WHICH",
      description =
          "For sglang. MOE (default): a row for each MoE layer. ALL: a row for each layer of the"
              + " model, as SGLang builds that count all hidden layers index the map; dense layers get the"
              + " linear order.")
  private Rows rows;

  @Option(
      names = "--layout",
      paramLabel = "WHICH",
      description =
          "For vllm. RECORD (default): a JSON line, as pull request 41141 reads it. LIST: a list of"
              + " lists, as pull request 49572 does.")
  private Layout layout;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to write.")
  private Path out;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    Path file =
        Files.isDirectory(placement)
            ? placement.resolve(PlanningPipeline.PLACEMENT_FILE)
            : placement;
    EngineFormat format = format();
    PlacementMap map =
        PlacementMaps.read(file, modelName == null ? null : ModelSpecs.load(modelName));
    if (out.toAbsolutePath().getParent() == null
        || !Files.isDirectory(out.toAbsolutePath().getParent())) {
      throw InvalidInputException.of(
          out.toString(), "its folder does not exist", "Make the folder, or name another");
    }
    PlacementMap exported =
        rows == Rows.ALL
            ? SglangInitExpertLocation.overAllLayers(map, ModelSpecs.load(map.model()))
            : map;
    int gpus = ClusterSpecs.load(cluster).gpus();
    format.write(out, exported, gpus);
    json.print("%s  %s%n".formatted(engine, out), () -> json(exported, gpus));
    return 0;
  }

  private ObjectNode json(PlacementMap exported, int gpus) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("engine", engine.toString())
        .put("file", out.toString())
        .put("model", exported.model())
        .put("layers", exported.layers().size())
        .put("slots", exported.slots(0))
        .put("experts", exported.experts())
        .put("gpus", gpus);
  }

  private EngineFormat format() {
    if (rows == Rows.ALL && engine != Engine.SGLANG) {
      throw InvalidInputException.of(
          "--rows ALL", engine + " takes the MoE layers and no others", "Leave --rows out");
    }
    if (layout != null && engine != Engine.VLLM) {
      throw InvalidInputException.of(
          "--layout " + layout, engine + " has one file only", "Leave --layout out");
    }
    return switch (engine) {
      case SGLANG -> EngineFormat.SGLANG;
      case VLLM -> layout == Layout.LIST ? EngineFormat.VLLM_LIST : EngineFormat.VLLM_RECORD;
      case VLLM_ASCEND -> EngineFormat.VLLM_ASCEND;
      case TENSORRT_LLM -> EngineFormat.TENSORRT_LLM;
      case EPLB -> EngineFormat.EPLB;
    };
  }
}
