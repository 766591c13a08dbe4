package io.sextant.jobs.cli;

import io.sextant.schema.spec.ModelSpecs;
import picocli.CommandLine.Option;

/** The option for the name of a model that needs no description file. */
public final class ModelNameOption {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "The model's name.")
  private String name;

  /**
   * The model's name, which becomes a part of paths.
   *
   * @throws io.sextant.schema.InvalidInputException if it cannot be a part of a path
   */
  public String name() {
    ModelSpecs.requireName("--model", name);
    return name;
  }
}
