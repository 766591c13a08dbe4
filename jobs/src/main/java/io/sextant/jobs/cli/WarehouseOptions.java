package io.sextant.jobs.cli;

import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the warehouse and the model in it. */
public final class WarehouseOptions {
  @Mixin private WarehouseOption warehouse;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "A model in conf/models, or the path of such a file.")
  private String model;

  public String folder() {
    return warehouse.folder();
  }

  public ModelSpec model() {
    return ModelSpecs.load(model);
  }
}
