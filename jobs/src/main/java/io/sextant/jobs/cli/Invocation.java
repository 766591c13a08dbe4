package io.sextant.jobs.cli;

import picocli.CommandLine.Model.CommandSpec;

/**
 * The command line of a run, for the log of runs.
 *
 * @param name the command's name
 * @param arguments the arguments, joined by spaces
 */
public record Invocation(String name, String arguments) {

  /** The command line with which the user started a command. */
  public static Invocation of(CommandSpec command) {
    return new Invocation(
        command.name(), String.join(" ", command.commandLine().getParseResult().originalArgs()));
  }
}
