package io.sextant.jobs.placement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.mixin.EngineIds;
import io.sextant.jobs.plan.PlanFolder;
import io.sextant.jobs.serving.PlannedProfile;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.engine.EngineAdvice;
import io.sextant.schema.engine.EngineCheck;
import io.sextant.schema.engine.EngineFlags;
import io.sextant.schema.engine.EngineGuide;
import io.sextant.schema.engine.LaunchText;
import io.sextant.schema.engine.Situation;
import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.placement.EngineRows;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant export}. */
@Command(
    name = "export",
    description = "Writes a placement as a file that an engine loads.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints the options that the engine needs with the file, and known limits of the"
          + " engine. doctor --engine checks the options of a deployment.",
      "eplb: phy2log, log2phy and logcnt as returned by DeepSeek's EPLB, in safetensors.",
      "docs/export.md says what each engine reads and refuses.",
      "Example: sextant export --placement plan --cluster 4x8-h200 --engine sglang"
          + " --out expert_location.json",
      "Example: sextant export --placement plan --cluster 4x8-h200 --engine tensorrt-llm"
          + " --out moe_load_balancer.yaml"
    })
public final class ExportCommand implements Callable<Integer> {
  /** The two file layouts of vLLM. */
  public enum Layout {
    RECORD,
    LIST;

    /** The spelling of the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--placement",
      required = true,
      paramLabel = "DIR",
      description = "A folder that solve wrote, or any map, Sextant's or an engine's.")
  private Path placement;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model; not needed if the map names it, as Sextant's maps do.")
  private String modelName;

  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "NAME",
      description = "The cluster for which the placement was planned.")
  private String cluster;

  @Option(
      names = "--engine",
      required = true,
      paramLabel = "ENGINE",
      completionCandidates = EngineIds.class,
      description = "The engine, one of ${COMPLETION-CANDIDATES}.")
  private String engine;

  @Option(
      names = "--rows",
      defaultValue = "auto",
      paramLabel = "WHICH",
      description =
          "Layers that the file contains. auto (default): the rows that the engine reads; for"
              + " sglang every hidden layer, with dense and MTP layers in linear order. all"
              + " (sglang): every hidden layer. moe: the MoE layers only.")
  private EngineRows rows;

  @Option(
      names = "--layout",
      paramLabel = "WHICH",
      description =
          "For vllm. record (default): one JSON line, for pull request 41141. list: a list of"
              + " lists, for pull request 49572.")
  private Layout layout;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description =
          "Output file, or a folder in which the file gets the name that the engine expects.")
  private Path out;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    EngineFormat format = format();
    PlacementMap map =
        PlacementMaps.read(
            PlanFolder.placement(placement), modelName == null ? null : ModelSpecs.load(modelName));
    ModelSpec model = ModelSpecs.load(modelName == null ? map.model() : modelName);
    if (out.toAbsolutePath().getParent() == null
        || !Files.isDirectory(out.toAbsolutePath().getParent())) {
      throw InvalidInputException.of(
          out.toString(), "its folder does not exist", "Create the folder, or name another");
    }
    Path target = format.file("--out", out);
    PlacementMap exported = format.rowsOf(map, model, rows);
    int gpus = ClusterSpecs.load(cluster).gpus();
    format.write(target, exported, gpus);
    Optional<String> warning =
        PlacementMaps.plannedFor(PlanFolder.placement(placement))
            .flatMap(planned -> new PlannedProfile(planned).warningFor(format));
    warning.ifPresent(text -> System.err.println("sextant: warning: " + text));
    print(format, target, exported, situation(format, exported, model, gpus), warning);
    return 0;
  }

  private EngineFormat format() {
    EngineFormat format = EngineFormat.of("--engine", engine);
    if (layout != null && format != EngineFormat.VLLM_RECORD) {
      throw InvalidInputException.of(
          "--layout " + layout, format.id() + " has one file only", "Leave --layout out");
    }
    return layout == Layout.LIST ? EngineFormat.VLLM_LIST : format;
  }

  /**
   * The deployment with the launch options of the file, so that facts about other options do not
   * apply.
   */
  private static Situation situation(
      EngineFormat format, PlacementMap exported, ModelSpec model, int gpus) {
    EngineGuide guide = EngineGuide.of(format.id());
    Situation bare =
        new Situation(
            guide, null, null, model, OptionalInt.of(exported.slots(0)), OptionalInt.of(gpus));
    String launch = LaunchText.of(bare, format.fileName(), format.option());
    return launch.isBlank()
        ? bare
        : bare.with(EngineFlags.parse("the options of " + format.id(), launch, guide));
  }

  private void print(
      EngineFormat format,
      Path target,
      PlacementMap exported,
      Situation situation,
      Optional<String> warning) {
    String launch = LaunchText.of(situation.with(null), target.toString(), format.option());
    List<EngineAdvice> facts = EngineCheck.facts(situation);
    StringBuilder text = new StringBuilder("%s  %s%n".formatted(format.id(), target));
    if (!launch.isBlank()) {
      text.append("start it with%n".formatted());
      launch.lines().forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
    }
    facts.forEach(fact -> text.append(fact.line()).append(System.lineSeparator()));
    json.print(
        text.toString(),
        () -> {
          ObjectNode root =
              JsonNodeFactory.instance
                  .objectNode()
                  .put("engine", format.id())
                  .put("file", target.toString())
                  .put("model", exported.model())
                  .put("layers", exported.layers().size())
                  .put("slots", exported.slots(0))
                  .put("experts", exported.experts())
                  .put("gpus", situation.gpus().getAsInt())
                  .put("options", launch.isBlank() ? null : launch.strip())
                  .put("warning", warning.orElse(null));
          ArrayNode list = root.putArray("facts");
          facts.forEach(fact -> fact.put(list.addObject()));
          return root;
        });
  }
}
