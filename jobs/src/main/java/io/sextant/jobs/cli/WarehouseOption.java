package io.sextant.jobs.cli;

import picocli.CommandLine.Option;

/** The option for the warehouse. */
public final class WarehouseOption {
  @Option(
      names = "--warehouse",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the Parquet tables, on any Hadoop file system.")
  private String folder;

  public String folder() {
    return folder;
  }
}
