package io.sextant.jobs.cli;

import io.sextant.jobs.cli.CommandObserver.Observed;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;

/** Runs a command as picocli would, and tells an observer. */
final class ObservedExecution implements IExecutionStrategy {
  private final CommandObserver observer;
  private final RunNotes notes = RunNotes.wanted();

  ObservedExecution(CommandObserver observer) {
    this.observer = observer;
  }

  /** What the command says of its run. */
  RunNotes notes() {
    return notes;
  }

  @Override
  public int execute(ParseResult parsed) {
    ParseResult last = parsed;
    boolean help = asksForHelp(last);
    while (last.hasSubcommand()) {
      last = last.subcommand();
      help |= asksForHelp(last);
    }
    if (help || last == parsed) {
      return CommandRunner.execute(parsed);
    }
    Observed observed = observer.began(Invocation.of(last.commandSpec()));
    try {
      int exitCode = CommandRunner.execute(parsed);
      observed.returned(exitCode);
      return exitCode;
    } catch (ExecutionException e) {
      observed.failed(e.getCause() == null ? e : e.getCause());
      throw e;
    } catch (RuntimeException | Error e) {
      observed.failed(e);
      throw e;
    }
  }

  private static boolean asksForHelp(ParseResult parsed) {
    return parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
  }
}
