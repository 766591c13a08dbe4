package io.sextant.jobs.precision;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOption;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.numerics.dispatch.Requirement;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant dispatch}. */
@Command(
    name = "dispatch",
    description = "Chooses a kernel for every matrix product from what a GPU measured.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Writes the tables kernel_runs and dispatch, and for each model DIR/MODEL.dispatch.json and"
          + " DIR/MODEL.torchao.json. Where probe has seen the model, its errors and its unsafe sites"
          + " count.",
      "Example: sextant dispatch --runs kernel_runs.jsonl.gz --warehouse warehouse --out dispatch"
    })
public final class DispatchCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--runs",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "What gpu-validate kernels --out wrote; may be compressed.")
  private List<String> runs;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "The GPU to choose for, as its runs name it, if the files hold several GPUs'.")
  private String device;

  @Mixin private WarehouseOption warehouse;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the JSON goes.")
  private Path out;

  @Option(
      names = "--max-error",
      defaultValue = "0.05",
      paramLabel = "E",
      description =
          "Greatest relative Frobenius error of a product (default ${DEFAULT-VALUE}; two E4M3"
              + " operands make 0.037 where nothing is unusual).")
  private double mostError;

  @Option(
      names = "--min-speedup",
      defaultValue = "1.05",
      paramLabel = "X",
      description = "Times as fast as BF16 a kernel must be (default ${DEFAULT-VALUE}).")
  private double leastSpeedup;

  @Option(
      names = "--error-budget",
      paramLabel = "E",
      description =
          "Choose for all products of a model together as well: least time where the root of the"
              + " sum of their squared errors is at most this.")
  private Double errorBudget;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    require("--max-error", mostError, mostError > 0 && mostError <= 1, "above 0 and at most 1");
    require("--min-speedup", leastSpeedup, leastSpeedup >= 1, "at least 1");
    if (errorBudget != null) {
      require("--error-budget", errorBudget, errorBudget > 0, "above 0");
    }
    String runId = RunId.now();
    return WarehouseRun.of(
        warehouse.folder(),
        Invocation.of(command),
        runId,
        new Progress(),
        spark -> {
          DispatchJob job =
              new DispatchJob(
                  spark,
                  warehouse.folder(),
                  new Requirement(mostError, leastSpeedup),
                  errorBudget == null ? OptionalDouble.empty() : OptionalDouble.of(errorBudget),
                  runId);
          DispatchSummary summary = job.run(KernelRuns.read(runs, device), out);
          json.print(summary.text() + out + "\n", () -> summary.json(out));
        });
  }
}
