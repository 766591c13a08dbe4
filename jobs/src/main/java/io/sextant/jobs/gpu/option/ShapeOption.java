package io.sextant.jobs.gpu.option;

import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import picocli.CommandLine.Option;

/** The option for the model whose shapes are run. */
public final class ShapeOption {
  @Option(
      names = "--shape",
      defaultValue = "deepseek-v3",
      paramLabel = "NAME",
      description = "Model whose shapes are run (default ${DEFAULT-VALUE}).")
  private String shape;

  /** The model. */
  public ModelSpec model() {
    return ModelSpecs.load(shape);
  }
}
