package io.sextant.jobs.gpu;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.validate.BandwidthBench;
import io.sextant.gpu.validate.Check;
import io.sextant.gpu.validate.ConversionChecks;
import io.sextant.jobs.gpu.option.GpuOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sextant gpu-validate check}. */
@Command(
    name = "check",
    description = "Checks that the CPU emulation and the GPU give the same bits.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: sextant gpu-validate check"})
final class CheckCommand implements Callable<Integer> {
  private static final int[][] SHAPES = {{4096, 8192}, {8192, 7168}, {16384, 16384}, {65536, 2048}};

  @Mixin private GpuOption gpu;

  @Override
  public Integer call() {
    try (Kernels kernels = gpu.open();
        CudaStream stream = new CudaStream()) {
      List<Check> checks = new ConversionChecks(kernels, stream).run();
      for (Check check : checks) {
        System.out.printf(
            "%-8s %-24s %s%n", check.passed() ? "ok" : "DIFFERS", check.name(), check.figures());
      }
      System.out.printf(
          "%n%-12s %8s %8s %8s %10s %8s%n", "conversion", "rows", "columns", "MiB", "us", "TB/s");
      for (int[] shape : SHAPES) {
        for (BandwidthBench.Figure figure :
            new BandwidthBench(kernels, stream).run(shape[0], shape[1])) {
          System.out.printf(
              Locale.ROOT,
              "%-12s %8d %8d %8d %10.1f %8.2f%n",
              figure.what(),
              figure.rows(),
              figure.columns(),
              (2L * figure.rows() * figure.columns()) >> 20,
              figure.timing().median(),
              figure.terabytesPerSecond());
        }
      }
      return checks.stream().allMatch(Check::passed) ? 0 : 2;
    }
  }
}
