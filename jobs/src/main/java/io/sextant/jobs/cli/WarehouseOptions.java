package io.sextant.jobs.cli;

import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which warehouse, and which model in it. */
public final class WarehouseOptions {
  @Mixin private WarehouseOption warehouse;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "A model of conf/models, or a path to a file like those.")
  private String model;

  public String folder() {
    return warehouse.folder();
  }

  public ModelSpec model() {
    return ModelSpecs.load(model);
  }
}
