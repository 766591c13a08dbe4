package io.sextant.jobs.precision;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOption;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.OutputCheck;
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
    description = "Chooses a kernel for every matrix product from measurements on a GPU.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Writes the tables kernel_runs and dispatch, and for each model DIR/MODEL.dispatch.json and"
          + " DIR/MODEL.torchao.json. If probe was run for the model, the errors that it"
          + " predicts are used, and recipes that it calls unsafe for a site are not chosen there.",
      "Example: sextant dispatch --runs kernel_runs.jsonl.gz --warehouse warehouse --out dispatch"
    })
public final class DispatchCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--runs",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Files that gpu-validate kernels --out wrote; may be compressed. Repeated measurements of"
              + " a kernel are taken together.")
  private List<String> runs;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description =
          "Name of the GPU to choose for, as in the runs; needed if the files have runs of"
              + " several GPUs.")
  private String device;

  @Mixin private WarehouseOption warehouse;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the JSON files.")
  private Path out;

  @Option(
      names = "--max-error",
      defaultValue = "0.05",
      paramLabel = "E",
      description =
          "Maximum relative Frobenius error of a product (default ${DEFAULT-VALUE}; two"
              + " ordinary E4M3 operands give 0.037).")
  private double mostError;

  @Option(
      names = "--min-speedup",
      defaultValue = "1.05",
      paramLabel = "X",
      description =
          "Minimum speedup over BF16 for a kernel to be chosen (default ${DEFAULT-VALUE}).")
  private double leastSpeedup;

  @Option(
      names = "--max-workspace",
      paramLabel = "MB",
      description =
          "Maximum memory in MB that a kernel may need beside its operands and outputs (default: no"
              + " limit).")
  private Double mostWorkspace;

  @Option(
      names = "--error-budget",
      paramLabel = "E",
      description =
          "Also choose for all products of a model together: minimum total time with the root"
              + " of the sum of squared errors at most X.")
  private Double errorBudget;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    require("--max-error", mostError, mostError > 0 && mostError <= 1, "above 0 and at most 1");
    require("--min-speedup", leastSpeedup, leastSpeedup >= 1, "at least 1");
    if (mostWorkspace != null) {
      require("--max-workspace", mostWorkspace, mostWorkspace >= 0, "at least 0");
    }
    if (errorBudget != null) {
      require("--error-budget", errorBudget, errorBudget > 0, "above 0");
    }
    InputFile.requireReadable(runs);
    OutputCheck.requireFolder(out);
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
                  new Requirement(
                      mostError,
                      leastSpeedup,
                      mostWorkspace == null ? Long.MAX_VALUE : (long) (mostWorkspace * 1e6)),
                  errorBudget == null ? OptionalDouble.empty() : OptionalDouble.of(errorBudget),
                  runId);
          DispatchSummary summary = job.run(KernelRuns.read(runs, device), out);
          json.print(summary.text() + out + "\n", () -> summary.json(out));
        });
  }
}
