package io.sextant.jobs.cli;

import picocli.CommandLine.Model.CommandSpec;

/**
 * A command as it was called, for the log of runs.
 *
 * @param name the command's name
 * @param arguments what was written behind it, joined by spaces
 */
public record Invocation(String name, String arguments) {

  /** What the user typed to start a command. */
  public static Invocation of(CommandSpec command) {
    return new Invocation(
        command.name(), String.join(" ", command.commandLine().getParseResult().originalArgs()));
  }
}
