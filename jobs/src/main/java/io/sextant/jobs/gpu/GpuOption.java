package io.sextant.jobs.gpu;

import io.sextant.gpu.kernel.Kernels;
import picocli.CommandLine.Option;

/** The option for the GPU of this machine. */
final class GpuOption {
  @Option(
      names = "--gpu",
      defaultValue = "0",
      paramLabel = "N",
      description = "Number of the GPU (default ${DEFAULT-VALUE}).")
  private int gpu;

  /** Opens the device with all kernels loaded. */
  Kernels open() {
    return Kernels.open(gpu);
  }
}
