package io.sextant.jobs.gpu;

import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import picocli.CommandLine.Option;

/** The option for the model whose shapes are run. */
final class ShapeOption {
  @Option(
      names = "--shape",
      defaultValue = "deepseek-v3",
      paramLabel = "NAME",
      description = "Model whose shapes are run (default ${DEFAULT-VALUE}).")
  private String shape;

  ModelSpec model() {
    return ModelSpecs.load(shape);
  }
}
