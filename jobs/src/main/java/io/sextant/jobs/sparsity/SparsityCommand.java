package io.sextant.jobs.sparsity;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.jobs.cli.ChainOptions;
import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.ModelNameOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOption;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.storage.InputFile;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant sparsity}. */
@Command(
    name = "sparsity",
    description =
        "Plans how many neurons of each hidden layer to keep for a drifting stream, and"
            + " predicts the loss of accuracy.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Writes the tables importance_windows, pruning_outcomes, pruning_policies and sparsity_plans."
          + " Times come from gpu-validate pruned. If even the narrowest layers are no faster,"
          + " the command reports this and plans nothing.",
      "Example: sextant sparsity --importance importance.safetensors --outcomes outcomes.json --times"
          + " pruned_runs.jsonl --chain bottom=12-512-32 top=53-512-512-256-1 --tokens 8192 --model"
          + " my-model --warehouse warehouse"
    })
public final class SparsityCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--importance",
      required = true,
      paramLabel = "FILE",
      description =
          "Safetensors file: for each hidden layer, under its name, [windows, neurons] sums"
              + " of |activation x gradient| of the full model.")
  private String importance;

  @Option(
      names = "--outcomes",
      required = true,
      paramLabel = "FILE",
      description =
          "JSON list of outcomes of pruning: plan, densities, policy (static, adaptive,"
              + " alternate), pruned_from_window, logloss_by_window.")
  private String outcomes;

  @Option(
      names = "--held-out",
      paramLabel = "FILE",
      description = "Outcomes that are only predicted and compared, not used in the fit.")
  private String heldOut;

  @Option(
      names = "--times",
      required = true,
      paramLabel = "FILE",
      description = "File that gpu-validate pruned --out wrote; may be compressed.")
  private String times;

  @Mixin private ChainOptions chains;

  @Option(
      names = "--tokens",
      required = true,
      paramLabel = "N",
      description = "Examples per batch; the times must include this number.")
  private int tokens;

  @Option(
      names = "--budget",
      defaultValue = "0.7",
      paramLabel = "X",
      description =
          "Maximum time of the products, as a share of the full model's (default"
              + " ${DEFAULT-VALUE}).")
  private double budget;

  @Option(
      names = "--min-speedup",
      defaultValue = "1.05",
      paramLabel = "X",
      description =
          "Minimum speedup; below it pruning counts as no gain (default ${DEFAULT-VALUE}).")
  private double leastSpeedup;

  @Option(
      names = "--hysteresis",
      defaultValue = "0.1",
      paramLabel = "H",
      description =
          "Share by which the expected damage must fall before widths change (default"
              + " ${DEFAULT-VALUE}).")
  private double hysteresis;

  @Mixin private ModelNameOption model;

  @Mixin private WarehouseOption warehouse;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    String name = model.name();
    require("--tokens", tokens, tokens > 0, "above 0");
    require("--budget", budget, budget > 0 && budget <= 1, "above 0 and at most 1");
    require("--min-speedup", leastSpeedup, leastSpeedup >= 1, "at least 1");
    require("--hysteresis", hysteresis, hysteresis >= 0 && hysteresis < 1, "from 0 to below 1");
    for (String file : new String[] {importance, outcomes, heldOut, times}) {
      if (file != null) {
        InputFile.requireReadable(List.of(file));
      }
    }
    double[] densities = chains.densities();
    SparsitySettings settings =
        new SparsitySettings(
            chains.chains(),
            times,
            tokens,
            DoubleStream.concat(Arrays.stream(densities), DoubleStream.of(1)).toArray(),
            budget,
            leastSpeedup,
            hysteresis);
    Progress progress = new Progress();
    String runId = RunId.now();
    return WarehouseRun.of(
        warehouse.folder(),
        Invocation.of(command),
        runId,
        progress,
        spark -> {
          SparsityRows rows = new SparsityRows(name, runId);
          SparsityJob job = new SparsityJob(spark, warehouse.folder(), rows, progress);
          SparsityReport report = job.run(settings, importance, outcomes, heldOut);
          json.print(SparsitySummary.of(report), () -> SparsityJson.of(report));
        });
  }
}
