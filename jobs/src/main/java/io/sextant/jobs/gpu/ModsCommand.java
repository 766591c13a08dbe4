package io.sextant.jobs.gpu;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.ModsKernels;
import io.sextant.gpu.validate.ModsBench;
import io.sextant.jobs.gpu.option.GpuOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate mods}. */
@Command(
    name = "mods",
    description =
        "Measures norm, activation and conversion to FP8 in one kernel and in three, in the"
            + " original form and as adapted by LoKA.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: sextant gpu-validate mods --columns 512,4096 --rows 16384"})
final class ModsCommand implements Callable<Integer> {
  @Option(
      names = "--columns",
      split = ",",
      defaultValue = "512,2048,4096,8192",
      description = "Numbers of features, multiples of 256 up to 8192 (default ${DEFAULT-VALUE}).")
  private List<Integer> columns;

  @Option(
      names = "--rows",
      split = ",",
      defaultValue = "1024,8192",
      description = "Numbers of tokens (default ${DEFAULT-VALUE}).")
  private List<Integer> rows;

  @Mixin private GpuOption gpu;

  @Override
  public Integer call() {
    try (Kernels kernels = gpu.open();
        CudaStream stream = new CudaStream()) {
      ModsBench bench = new ModsBench(kernels, stream);
      System.out.printf(
          "%-22s %6s %8s %10s %10s %8s %12s %12s%n",
          "norm and activation",
          "rows",
          "columns",
          "fused us",
          "steps us",
          "speedup",
          "fused error",
          "steps error");
      for (ModsKernels.Between between : ModsKernels.Between.values()) {
        for (int width : columns) {
          for (int count : rows) {
            ModsBench.Result result = bench.run(between, count, width);
            System.out.printf(
                Locale.ROOT,
                "%-22s %6d %8d %10.1f %10.1f %8.2f %12.5f %12.5f%n",
                between.name().toLowerCase(Locale.ROOT),
                count,
                width,
                result.fused().median(),
                result.steps().median(),
                result.steps().median() / result.fused().median(),
                result.fusedError(),
                result.stepsError());
          }
        }
      }
      return 0;
    }
  }
}
