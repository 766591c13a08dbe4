package io.sextant.jobs.gpu;

import io.sextant.gpu.kernel.Kernels;
import picocli.CommandLine.Option;

/** Which GPU of this machine. */
final class GpuOption {
  @Option(
      names = "--gpu",
      defaultValue = "0",
      paramLabel = "N",
      description = "Which GPU (default ${DEFAULT-VALUE}).")
  private int gpu;

  /** The device with all kernels loaded. */
  Kernels open() {
    return Kernels.open(gpu);
  }
}
