package io.sextant.jobs.precision;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.ModelNameOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOption;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.storage.InputFile;
import io.sextant.numerics.probe.Hazards;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant probe}. */
@Command(
    name = "probe",
    description =
        "Predicts the error of every FP8 recipe in every matrix product of a model, from"
            + " statistics of the operands.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Replaces the model's rows in the tables layer_stats, layer_drift and"
          + " precision_sites. A product without its own tensors uses the alignment of the same"
          + " projection in the nearest layer; if there is none, the alignment is taken as 1,"
          + " which gives the maximum error.",
      "Example: sextant probe --input layer_stats.jsonl.gz tensors.safetensors --model my-model"
          + " --warehouse warehouse"
    })
public final class ProbeCommand implements Callable<Integer> {
  /** The error above which a product is unsafe, unless {@code --max-error} names another. */
  public static final String USUAL_MOST_ERROR = "0.05";

  @Spec private CommandSpec command;

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Snapshots (JSON lines) and real tensors (safetensors with SITE/activation and"
              + " SITE/weight), or folders of them; may be compressed.")
  private List<String> inputs;

  @Mixin private ModelNameOption model;

  @Mixin private WarehouseOption warehouse;

  @Option(
      names = "--max-error",
      defaultValue = USUAL_MOST_ERROR,
      paramLabel = "E",
      description =
          "Relative Frobenius error above which a product is unsafe (default ${DEFAULT-VALUE}).")
  private double mostError;

  @Option(
      names = "--norm",
      defaultValue = "AUTO",
      description =
          "The norm after the products: layer (subtracts the mean), rms, or auto, which"
              + " assumes LayerNorm if a product has a bias (default ${DEFAULT-VALUE}).")
  private Hazards.Norm norm;

  @Option(
      names = "--follow",
      description =
          "Also replay the snapshots in order of their steps and print each change of a verdict"
              + " with the drift of the operands.")
  private boolean follow;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    String name = model.name();
    require("--max-error", mostError, mostError > 0 && mostError <= 1, "above 0 and at most 1");
    InputFile.requireReadable(inputs);
    Progress progress = new Progress();
    String runId = RunId.now();
    return WarehouseRun.of(
        warehouse.folder(),
        Invocation.of(command),
        runId,
        progress,
        spark -> {
          ProbeRows rows = new ProbeRows(name, runId, mostError);
          Probed found =
              new ProbeJob(spark, warehouse.folder(), rows, norm, follow, progress).run(inputs);
          json.print(
              ProbeSummary.text(found, mostError), () -> ProbeSummary.json(found, mostError));
        });
  }
}
