package io.sextant.jobs.gpu.option;

import io.sextant.gpu.kernel.Kernels;
import picocli.CommandLine.Option;

/** The option for the GPU of this machine. */
public final class GpuOption {
  @Option(
      names = "--gpu",
      defaultValue = "0",
      paramLabel = "N",
      description = "Number of the GPU (default ${DEFAULT-VALUE}).")
  private int gpu;

  /** The number of the GPU. */
  public int number() {
    return gpu;
  }

  /** Opens the device with all kernels loaded. */
  public Kernels open() {
    return Kernels.open(gpu);
  }
}
