package io.sextant.jobs;

import io.sextant.jobs.analyze.AnalyzeCommand;
import io.sextant.jobs.gpu.GpuValidateCommand;
import io.sextant.jobs.ingest.IngestCommand;
import io.sextant.jobs.placement.CompareCommand;
import io.sextant.jobs.placement.EvaluateCommand;
import io.sextant.jobs.placement.ExportCommand;
import io.sextant.jobs.placement.RouteCommand;
import io.sextant.jobs.placement.SolveCommand;
import io.sextant.jobs.publish.HistoryCommand;
import io.sextant.jobs.publish.RollbackCommand;
import io.sextant.jobs.refresh.RefreshCommand;
import io.sextant.jobs.report.ReportCommand;
import io.sextant.schema.InvalidInputException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * The command line. Exit codes: 0 done, 1 wrong command line, 2 wrong input or setting (one line
 * says which), 3 a bug; refresh and rollback add those of {@link StoppedException}.
 */
@Command(
    name = "sextant",
    description = "Reads what a mixture-of-experts model did and says how to run it better.",
    mixinStandardHelpOptions = true,
    version = "sextant 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:wrong command line",
      "2:wrong input or setting; one line says which",
      "3:a bug; please report it with the stack trace",
      "4:another run is at work on the warehouse; try again later (refresh, rollback)",
      "5:the evidence is insufficient; nothing was changed (refresh)",
      "6:the storage failed; nothing was published; try again (refresh, rollback)"
    },
    footer = {"", "Example: sextant demo"},
    subcommands = {
      DemoCommand.class,
      IngestCommand.class,
      AnalyzeCommand.class,
      SolveCommand.class,
      EvaluateCommand.class,
      RouteCommand.class,
      CompareCommand.class,
      ExportCommand.class,
      ReportCommand.class,
      RefreshCommand.class,
      RollbackCommand.class,
      HistoryCommand.class,
      GpuValidateCommand.class
    })
public final class Sextant {
  private static final int WRONG_COMMAND_LINE = 1;
  private static final int WRONG_INPUT = 2;
  private static final int BUG = 3;

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command line in this JVM and returns its exit code. */
  public static int run(String... arguments) {
    CommandLine line = new CommandLine(new Sextant());
    line.setParameterExceptionHandler(
        (exception, args) -> {
          CommandLine command = exception.getCommandLine();
          command.getErr().println(exception.getMessage());
          command.getErr().printf("Try '%s --help'.%n", command.getCommandSpec().qualifiedName());
          return WRONG_COMMAND_LINE;
        });
    line.setExecutionExceptionHandler(new OneLine());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return arguments.length == 0 ? usage(line) : line.execute(arguments);
  }

  private static int usage(CommandLine line) {
    line.usage(line.getErr());
    return WRONG_COMMAND_LINE;
  }

  private static final class OneLine implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception thrown, CommandLine line, ParseResult parsed)
        throws Exception {
      for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
        if (cause instanceof StoppedException stopped) {
          line.getErr().println("sextant: " + stopped.getMessage());
          return stopped.exitCode();
        }
        if (cause instanceof InvalidInputException) {
          line.getErr().println("sextant: " + cause.getMessage());
          return WRONG_INPUT;
        }
      }
      thrown.printStackTrace(line.getErr());
      line.getErr().println("sextant: this is a bug, please report it: " + thrown);
      return BUG;
    }
  }
}
