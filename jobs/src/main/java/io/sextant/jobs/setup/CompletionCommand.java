package io.sextant.jobs.setup;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sextant completion}. */
@Command(
    name = "completion",
    description = "Prints a script that completes commands and options in bash and zsh.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: source <(sextant completion)"})
public final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    System.out.println(AutoComplete.bash("sextant", command.root().commandLine()));
    return 0;
  }
}
