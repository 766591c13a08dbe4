package io.sextant.jobs.placement;

import io.sextant.schema.InvalidInputException;
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
import picocli.CommandLine.Option;

/** {@code sextant export}. */
@Command(
    name = "export",
    description = "Writes a placement as the file an engine loads.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "SGLang: start it with --init-expert-location FILE --ep-size GPUS.",
      "Example: sextant export --placement plan --cluster 4x8-h200 --engine sglang"
          + " --out expert_location.json"
    })
public final class ExportCommand implements Callable<Integer> {
  /** The engines that can be written for. */
  enum Engine {
    SGLANG
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
      description = "The folder that solve wrote, or a map in it.")
  private Path placement;

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
          "MOE (default): a row for each MoE layer. ALL: a row for each layer of the model, as"
              + " SGLang builds that count all hidden layers index the map; dense layers get the"
              + " linear order.")
  private Rows rows;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to write.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Path file =
        Files.isDirectory(placement)
            ? placement.resolve(PlanningPipeline.PLACEMENT_FILE)
            : placement;
    PlacementMap map = PlacementMaps.read(file, null);
    if (out.toAbsolutePath().getParent() == null
        || !Files.isDirectory(out.toAbsolutePath().getParent())) {
      throw InvalidInputException.of(
          out.toString(), "its folder does not exist", "Make the folder, or name another");
    }
    PlacementMap exported =
        rows == Rows.ALL
            ? SglangInitExpertLocation.overAllLayers(map, ModelSpecs.load(map.model()))
            : map;
    SglangInitExpertLocation.write(out, exported, ClusterSpecs.load(cluster).gpus());
    System.out.printf("%s  %s%n", engine.name().toLowerCase(Locale.ROOT), out);
    return 0;
  }
}
