package io.sextant.jobs.cli;

import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import picocli.CommandLine.Option;

/** Which warehouse, and which model in it. */
public final class WarehouseOptions {
  @Option(
      names = "--warehouse",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the Parquet tables, on any Hadoop file system.")
  private String folder;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "A model of conf/models, or a path to a file like those.")
  private String model;

  public String folder() {
    return folder;
  }

  public ModelSpec model() {
    return ModelSpecs.load(model);
  }
}
