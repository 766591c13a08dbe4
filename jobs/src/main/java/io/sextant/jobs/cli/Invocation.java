package io.sextant.jobs.cli;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.DescriptionFile;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.Packagings;
import io.sextant.schema.spec.ServingProfiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The command line of a run, for the log of runs and for observers.
 *
 * @param name the command's name
 * @param arguments the arguments, joined by spaces
 * @param descriptions the file of each description that the arguments name
 * @param values the values of each option that takes text or paths, by the option's longest name
 * @param notes what the command says of its run
 */
public record Invocation(
    String name,
    String arguments,
    List<String> descriptions,
    Map<String, List<String>> values,
    RunNotes notes) {
  private static final String MODEL = "--model";
  private static final String PRECISION = "--precision";

  private static final Map<String, Function<String, DescriptionFile>> DESCRIBED = described();

  public Invocation {
    descriptions = List.copyOf(descriptions);
    values = Map.copyOf(values);
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
    if (command.findOption(PRECISION) != null) {
      packaging(command).ifPresent(name -> describe(name, Packagings::file, files));
    }
    return new Invocation(
        command.name(),
        String.join(" ", command.commandLine().getParseResult().originalArgs()),
        files,
        values(command),
        command.commandLine().getExecutionStrategy() instanceof ObservedExecution observed
            ? observed.notes()
            : RunNotes.unread());
  }

  private static Map<String, List<String>> values(CommandSpec command) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (OptionSpec option : command.options()) {
      Object value = option.getValue();
      List<?> all =
          value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
      if (!all.isEmpty()
          && all.stream().allMatch(one -> one instanceof String || one instanceof Path)) {
        values.put(option.longestName(), all.stream().map(Object::toString).toList());
      }
    }
    return values;
  }

  /** The packaging that is named, else that of the model's description, else BF16. */
  private static Optional<String> packaging(CommandSpec command) {
    if (command.findOption(PRECISION).getValue() instanceof String named) {
      return Optional.of(named);
    }
    OptionSpec model = command.findOption(MODEL);
    if (model == null || !(model.getValue() instanceof String name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Optional.ofNullable(ModelSpecs.load(name).packaging()).orElse(Packagings.BF16));
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
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
    described.put(MODEL, ModelSpecs::file);
    described.put("--cluster", ClusterSpecs::file);
    described.put("--serving", ServingProfiles::file);
    return described;
  }
}
