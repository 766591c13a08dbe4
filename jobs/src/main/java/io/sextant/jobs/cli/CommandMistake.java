package io.sextant.jobs.cli;

import io.sextant.schema.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Explains a wrong command line in one line, with the option or command that was probably meant.
 */
final class CommandMistake {
  private CommandMistake() {}

  /**
   * @param arguments the command line
   */
  static String line(ParameterException exception, String... arguments) {
    String message = String.valueOf(exception.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    if (exception instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String given = unmatched.getUnmatched().get(0);
      return sentence(message) + NearestName.remedy(given, known(given, exception)).strip();
    }
    if (exception.getArgSpec() instanceof OptionSpec option
        && option.completionCandidates() != null
        && exception.getValue() != null) {
      List<String> values =
          StreamSupport.stream(option.completionCandidates().spliterator(), false).toList();
      return "%s %s: there is no such value. %sGive one of %s"
          .formatted(
              option.longestName(),
              exception.getValue(),
              NearestName.remedy(exception.getValue(), values),
              String.join(", ", values));
    }
    if (exception instanceof MissingParameterException) {
      // A mistyped required option is missing; picocli reports only that.
      for (String argument : arguments) {
        String name = argument.split("=", 2)[0];
        if (name.startsWith("--") && !known(name, exception).contains(name)) {
          return "Unknown option: '%s'. %s"
              .formatted(name, NearestName.remedy(name, known(name, exception)))
              .strip();
        }
      }
    }
    return message;
  }

  private static String sentence(String message) {
    return message.endsWith(".") ? message + " " : message + ". ";
  }

  private static List<String> known(String given, ParameterException exception) {
    CommandSpec command = exception.getCommandLine().getCommandSpec();
    List<String> known = new ArrayList<>();
    if (given.startsWith("-")) {
      command.options().forEach(option -> known.addAll(List.of(option.names())));
    } else {
      known.addAll(command.subcommands().keySet());
    }
    return known;
  }
}
