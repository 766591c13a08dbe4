package io.sextant.jobs.gpu;

import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.cuda.CudaDevice;
import io.sextant.gpu.cuda.CudaDevices;
import io.sextant.gpu.library.InstalledLibrary;
import io.sextant.jobs.gpu.kernels.ExpertsCommand;
import io.sextant.jobs.gpu.kernels.KernelsCommand;
import io.sextant.jobs.gpu.kernels.PackageCommand;
import io.sextant.jobs.gpu.layer.LayerCommand;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code sextant gpu-validate}. */
@Command(
    name = "gpu-validate",
    description = "Measures conversions, kernels and placements on this machine's GPUs.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Example: sextant gpu-validate devices"},
    subcommands = {
      GpuValidateCommand.Devices.class,
      CheckCommand.class,
      KernelsCommand.class,
      PackageCommand.class,
      PrunedCommand.class,
      WinogradCommand.class,
      ConvolutionsCommand.class,
      ExpertsCommand.class,
      ModsCommand.class,
      TensorsCommand.class,
      PlacementReplayCommand.class,
      ExpertTimesCommand.class,
      TransferCommand.class,
      LayerCommand.class,
      Sparse24Command.class,
      SimplicialCommand.class
    })
public final class GpuValidateCommand {

  /** {@code sextant gpu-validate devices}. */
  @Command(
      name = "devices",
      description = "Lists the CUDA devices and libraries, or what is missing.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: sextant gpu-validate devices"})
  static final class Devices implements Callable<Integer> {
    @Override
    public Integer call() {
      CudaDevices found = CudaDevices.list();
      System.out.printf("CUDA driver %s%n", found.driverVersionText());
      System.out.printf("%-3s  %-32s  %10s  %s%n", "gpu", "name", "memory GiB", "compute");
      for (CudaDevice device : found.devices()) {
        System.out.printf(
            Locale.ROOT,
            "%-3d  %-32s  %10.1f  %s%n",
            device.ordinal(),
            device.name(),
            device.memoryBytes() / (double) (1 << 30),
            device.computeCapability());
      }
      try (CudaContext ignored = CudaContext.open(0)) {
        for (InstalledLibrary library : InstalledLibrary.all()) {
          System.out.printf(
              "%-11s %s%n",
              library.name(), library.version() == null ? "not installed" : library.version());
        }
      }
      return 0;
    }
  }
}
