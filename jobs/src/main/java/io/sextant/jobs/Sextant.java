package io.sextant.jobs;

import io.sextant.jobs.analyze.AnalyzeCommand;
import io.sextant.jobs.capacity.CapacityCommand;
import io.sextant.jobs.cli.BuildVersion;
import io.sextant.jobs.cli.CommandRunner;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StoppedException;
import io.sextant.jobs.expire.ExpireCommand;
import io.sextant.jobs.gpu.GpuValidateCommand;
import io.sextant.jobs.ingest.IngestCommand;
import io.sextant.jobs.lineage.LineageObserver;
import io.sextant.jobs.outage.OutageCommand;
import io.sextant.jobs.placement.CompareCommand;
import io.sextant.jobs.placement.EvaluateCommand;
import io.sextant.jobs.placement.ExportCommand;
import io.sextant.jobs.placement.RouteCommand;
import io.sextant.jobs.placement.SolveCommand;
import io.sextant.jobs.precision.DispatchCommand;
import io.sextant.jobs.precision.ProbeCommand;
import io.sextant.jobs.price.PriceCommand;
import io.sextant.jobs.publish.HistoryCommand;
import io.sextant.jobs.publish.RollbackCommand;
import io.sextant.jobs.refresh.RefreshCommand;
import io.sextant.jobs.report.ReportCommand;
import io.sextant.jobs.scaling.ScalingCommand;
import io.sextant.jobs.setup.CompletionCommand;
import io.sextant.jobs.setup.DoctorCommand;
import io.sextant.jobs.setup.InitCommand;
import io.sextant.jobs.sparsity.SparsityCommand;
import io.sextant.jobs.upgrade.UpgradeCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command line. Exit codes: 0 success, 1 wrong command line, 2 wrong input or setting (one line
 * says which), 3 a bug. refresh and rollback also use those of {@link StoppedException}.
 */
@Command(
    name = "sextant",
    description =
        "Analyzes recorded routing of mixture-of-experts models; plans expert placements, FP8"
            + " kernels and pruning.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success",
      "1:wrong command line",
      "2:wrong input or setting; one line says which and what to do",
      "3:a bug; please report it with the stack trace",
      "4:another run is using the warehouse; try again later (ingest, analyze,"
          + " refresh, rollback, upgrade, expire)",
      "5:the evidence is insufficient; nothing was changed (refresh)",
      "6:the storage failed; nothing was published; try again (refresh, rollback)"
    },
    footer = {"", "Example: sextant demo"},
    subcommands = {
      DemoCommand.class,
      IngestCommand.class,
      AnalyzeCommand.class,
      CapacityCommand.class,
      PriceCommand.class,
      SolveCommand.class,
      EvaluateCommand.class,
      OutageCommand.class,
      RouteCommand.class,
      CompareCommand.class,
      ExportCommand.class,
      ReportCommand.class,
      RefreshCommand.class,
      RollbackCommand.class,
      HistoryCommand.class,
      ProbeCommand.class,
      DispatchCommand.class,
      SparsityCommand.class,
      ScalingCommand.class,
      GpuValidateCommand.class,
      DoctorCommand.class,
      InitCommand.class,
      UpgradeCommand.class,
      ExpireCommand.class,
      CompletionCommand.class
    })
public final class Sextant {
  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      defaultValue = "false",
      description = "Print results and errors only, no progress.")
  public void quiet(boolean quiet) {
    Progress.silence(quiet);
  }

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command line in this JVM and returns its exit code. */
  public static int run(String... arguments) {
    return CommandRunner.run(new Sextant(), LineageObserver.ofProcess(), arguments);
  }
}
