package io.sextant.jobs.cli;

import io.sextant.jobs.storage.LocalPath;
import io.sextant.schema.InvalidInputException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Runs a command line and turns every failure into one line and an exit code. Does not depend on
 * Spark.
 */
public final class CommandRunner {
  private static final int WRONG_COMMAND_LINE = 1;

  private CommandRunner() {}

  /**
   * Runs a command line in this JVM and returns its exit code. Sets the JVM's default locale, so
   * that figures and files are the same under any locale of the machine.
   *
   * @param command an object whose class picocli describes as the top command
   */
  public static int run(Object command, String... arguments) {
    return run(command, Optional.empty(), arguments);
  }

  /**
   * Runs a command line as {@link #run(Object, String...)} does.
   *
   * @param command an object whose class picocli describes as the top command
   * @param observer is told when the command begins and how it ends
   */
  public static int run(Object command, Optional<CommandObserver> observer, String... arguments) {
    Locale.setDefault(Locale.ROOT);
    CommandLine line = new CommandLine(command);
    line.setExecutionStrategy(
        observer.<IExecutionStrategy>map(ObservedExecution::new).orElse(CommandRunner::execute));
    line.setParameterExceptionHandler(
        (exception, args) -> {
          CommandLine failed = exception.getCommandLine();
          if (exception.getCause() instanceof InvalidInputException) {
            return OneLine.print(exception, failed.getErr());
          }
          failed.getErr().println(CommandMistake.line(exception, args));
          failed.getErr().printf("Try '%s --help'.%n", failed.getCommandSpec().qualifiedName());
          return WRONG_COMMAND_LINE;
        });
    line.registerConverter(Path.class, CommandRunner::local);
    line.setExecutionExceptionHandler(new OneLine());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // "@dumps" is the name of a folder, not a file of arguments.
    line.setExpandAtFiles(false);
    try {
      return arguments.length == 0 ? usage(line) : line.execute(arguments);
    } catch (Error e) {
      // picocli handles exceptions only. Hadoop throws an error if a disk is full, and a lack of
      // memory is an error too; the command's memory has been released by now.
      return OneLine.print(e, line.getErr());
    }
  }

  /** An option that takes a local file or folder must not make a folder called "s3a:". */
  private static Path local(String text) {
    if (!text.contains("://")) {
      return Path.of(text);
    }
    return LocalPath.of(text, true)
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    text, "it is not local", "Give a local path and copy the file"));
  }

  /** Runs a command as picocli would, if the file of its {@code --json} can be written. */
  static int execute(ParseResult parsed) {
    ParseResult last = parsed;
    boolean help = last.isUsageHelpRequested();
    while (last.hasSubcommand()) {
      last = last.subcommand();
      help |= last.isUsageHelpRequested();
    }
    if (!help) {
      try {
        JsonOption.requireWritable(last.commandSpec());
      } catch (InvalidInputException e) {
        throw new ExecutionException(last.commandSpec().commandLine(), e.getMessage(), e);
      }
    }
    return new RunLast().execute(parsed);
  }

  private static int usage(CommandLine line) {
    line.usage(line.getErr());
    return WRONG_COMMAND_LINE;
  }
}
