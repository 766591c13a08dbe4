package io.sextant.jobs.gpu;

import io.sextant.jobs.cli.BuildVersion;
import io.sextant.jobs.cli.CommandRunner;
import picocli.CommandLine.Command;

/**
 * The part of {@code sextant} that runs on a GPU host without Spark: see {@code bin/gpu-bundle}.
 */
@Command(
    name = "sextant",
    description = "Measures and checks kernels and placements on this machine's GPU.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Example: sextant gpu-validate check"},
    subcommands = GpuValidateCommand.class)
public final class SextantGpu {
  private SextantGpu() {}

  public static void main(String[] arguments) {
    System.exit(CommandRunner.run(new SextantGpu(), arguments));
  }
}
