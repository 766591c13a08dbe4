package io.sextant.jobs.scaling;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOption;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.storage.InputFile;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant scaling}. */
@Command(
    name = "scaling",
    description = "Fits -log loss = a log parameters + b to runs, by benchmark and model family.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Writes the table scaling_laws. If a size was measured after different numbers of"
          + " tokens, the run with the most tokens is used.",
      "Example: sextant scaling --input runs.parquet --baseline transformer --warehouse warehouse"
    })
public final class ScalingCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Parquet files with the columns family, benchmark, parameters, tokens (may be null)"
              + " and loss.")
  private List<String> inputs;

  @Option(
      names = "--baseline",
      required = true,
      paramLabel = "FAMILY",
      description = "Family with whose exponents the others are compared.")
  private String baseline;

  @Mixin private WarehouseOption warehouse;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    InputFile.requireReadable(inputs);
    String runId = RunId.now();
    return WarehouseRun.of(
        warehouse.folder(),
        Invocation.of(command),
        runId,
        new Progress(),
        spark -> {
          ScalingSummary found =
              new ScalingJob(spark, warehouse.folder(), baseline, runId).run(inputs);
          json.print(found.text(), found::json);
        });
  }
}
