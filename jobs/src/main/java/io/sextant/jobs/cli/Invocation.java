package io.sextant.jobs.cli;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.DescriptionFile;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.ServingProfiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The command line of a run, for the log of runs.
 *
 * @param name the command's name
 * @param arguments the arguments, joined by spaces
 * @param descriptions the file of each description that the arguments name
 */
public record Invocation(String name, String arguments, List<String> descriptions) {
  private static final Map<String, Function<String, DescriptionFile>> DESCRIBED = described();

  public Invocation {
    descriptions = List.copyOf(descriptions);
  }

  /** The command line with which the user started a command. */
  public static Invocation of(CommandSpec command) {
    List<String> files = new ArrayList<>();
    DESCRIBED.forEach(
        (name, file) -> {
          OptionSpec option = command.findOption(name);
          if (option != null && option.getValue() instanceof String value) {
            describe(value, file, files);
          }
        });
    return new Invocation(
        command.name(),
        String.join(" ", command.commandLine().getParseResult().originalArgs()),
        files);
  }

  /** The commands that take the name of a model only have no description of it. */
  private static void describe(
      String value, Function<String, DescriptionFile> file, List<String> files) {
    try {
      files.add(file.apply(value).text());
    } catch (InvalidInputException e) {
      return;
    }
  }

  private static Map<String, Function<String, DescriptionFile>> described() {
    Map<String, Function<String, DescriptionFile>> described = new LinkedHashMap<>();
    described.put("--model", ModelSpecs::file);
    described.put("--cluster", ClusterSpecs::file);
    described.put("--serving", ServingProfiles::file);
    return described;
  }
}
