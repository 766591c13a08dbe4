package io.sextant.jobs.gpu;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.expert.ExpertBench;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.gemm.KernelRun;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.validate.BandwidthBench;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate experts}. */
@Command(
    name = "experts",
    description = "Measures the matrix products of all experts of a GPU in one launch.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: sextant gpu-validate experts --tokens 32,100,1024"})
final class ExpertsCommand implements Callable<Integer> {
  private static final int PEAK_SIDE = 8192;
  private static final int PEAK_SAMPLES = 11;

  @Option(
      names = "--tokens",
      split = ",",
      required = true,
      description = "Number of tokens of each expert.")
  private List<Integer> tokens;

  @Mixin private ShapeOption shape;

  @Mixin private GpuOption gpu;

  @Override
  public Integer call() {
    int[] counts = tokens.stream().mapToInt(Integer::intValue).toArray();
    ModelSpec model = shape.model();
    try (Kernels kernels = gpu.open();
        CudaStream stream = new CudaStream();
        CublasLt library = new CublasLt();
        GemmBench peaks = new GemmBench(library, kernels, PEAK_SAMPLES);
        ExpertBench bench =
            new ExpertBench(library, kernels.grouped(), kernels.quantize(), kernels.check())) {
      double bytesPerMicro = new BandwidthBench(kernels, stream).copyBytesPerMicro();
      List<KernelRun> best = peaks.run(new GemmSite("peak", PEAK_SIDE, PEAK_SIDE), PEAK_SIDE);
      double[] flopsPerMicro = {flopsPerMicro(best, false), flopsPerMicro(best, true)};
      System.out.printf(
          Locale.ROOT,
          "copy %.2f TB/s, cuBLASLt at %d^3: BF16 %.0f, E4M3 %.0f TFLOP/s%ntokens %s%n",
          bytesPerMicro * 1e-6,
          PEAK_SIDE,
          flopsPerMicro[0] * 1e-6,
          flopsPerMicro[1] * 1e-6,
          Arrays.toString(counts));
      System.out.printf(
          "%-13s %-5s %10s %10s %13s %16s %9s %8s%n",
          "k x out",
          "",
          "grouped us",
          "singles us",
          "memory floor",
          "arithmetic floor",
          "of floor",
          "error");
      int inner = model.expertIntermediate();
      for (int[] outAndK : new int[][] {{2 * inner, model.hidden()}, {model.hidden(), inner}}) {
        for (boolean e4m3 : new boolean[] {false, true}) {
          ExpertBench.Result result = bench.run(e4m3, counts, outAndK[0], outAndK[1]);
          double memory = result.bytes() / bytesPerMicro;
          double arithmetic = result.flops() / flopsPerMicro[e4m3 ? 1 : 0];
          System.out.printf(
              Locale.ROOT,
              "%-13s %-5s %10.1f %10.1f %13.1f %16.1f %7.1f %% %8.4f%n",
              outAndK[1] + " x " + outAndK[0],
              e4m3 ? "e4m3" : "bf16",
              result.grouped().median(),
              result.singles().median(),
              memory,
              arithmetic,
              100 * Math.max(memory, arithmetic) / result.grouped().median(),
              result.error().relativeFrobenius());
        }
      }
      return 0;
    }
  }

  /** Times the library's fastest kernel, in BF16 or FP8. */
  private static double flopsPerMicro(List<KernelRun> runs, boolean fp8) {
    double fastest =
        runs.stream()
            .filter(run -> run.recipe().fp8() == fp8 && run.matmul() != null)
            .mapToDouble(run -> run.matmul().median())
            .min()
            .orElseThrow();
    return 2.0 * PEAK_SIDE * PEAK_SIDE * PEAK_SIDE / fastest;
  }
}
