package io.sextant.jobs.gpu;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.WinogradKernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.winograd.WinogradBench;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.numerics.dispatch.ConvolutionFigure;
import io.sextant.numerics.dispatch.ConvolutionVerdict;
import io.sextant.numerics.winograd.ConvLayer;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate convolutions}. */
@Command(
    name = "convolutions",
    description =
        "Times 3x3 layers on the GPU: direct, dense Winograd, and sparse Winograd at each"
            + " sparsity.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Speedup is relative to Sextant's direct kernel; gemm is the library's product of"
          + " the same size. Sparsity is the share of blocks of 8 outputs by 16 inputs at a"
          + " position that are left out, the least important first.",
      "Example: sextant gpu-validate convolutions --input layers.safetensors --batch 256"
    })
final class ConvolutionsCommand implements Callable<Integer> {
  private static final int SAMPLES = 11;
  private static final int MOST_IMAGES = 4096;

  @Mixin private LayersOption input;

  @Option(
      names = "--layer",
      split = ",",
      paramLabel = "NAME",
      description = "Layers of the file (default: all).")
  private Set<String> names;

  @Option(
      names = "--batch",
      defaultValue = "256",
      paramLabel = "N",
      description =
          "Images per batch; the file's images are repeated to fill it (default"
              + " ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--sparsity",
      split = ",",
      defaultValue = "0.25,0.5,0.75,0.9",
      description = "Shares of the blocks that are left out (default ${DEFAULT-VALUE}).")
  private List<Double> sparsities;

  @Option(
      names = "--max-error",
      defaultValue = "0.05",
      paramLabel = "E",
      description =
          "Maximum error of a layer's output for a kernel to be chosen (default ${DEFAULT-VALUE}).")
  private double mostError;

  @Option(
      names = "--min-speedup",
      defaultValue = "1.05",
      paramLabel = "X",
      description =
          "Minimum speedup over the direct kernel for a kernel to be chosen (default"
              + " ${DEFAULT-VALUE}).")
  private double leastSpeedup;

  @Mixin private GpuOption gpu;

  @Override
  public Integer call() throws IOException {
    if (batch < 1 || batch > MOST_IMAGES) {
      throw InvalidInputException.of(
          "--batch " + batch, "it must be from 1 to " + MOST_IMAGES, "Give a number in that range");
    }
    for (double sparsity : sparsities) {
      if (!(sparsity >= 0 && sparsity < 1)) {
        throw InvalidInputException.of(
            "--sparsity " + sparsity,
            "it must be at least 0 and below 1",
            "Give a number in that range");
      }
    }
    List<ConvLayer> layers = input.read();
    try (Kernels kernels = gpu.open();
        WinogradKernels convolutions = kernels.winograd();
        CublasLt library = new CublasLt();
        GemmBench gemm = new GemmBench(library, kernels, SAMPLES);
        CudaStream stream = new CudaStream()) {
      System.out.printf(
          "%-20s %-10s %7s %9s %9s %8s %9s %9s%n",
          "layer", "kernel", "block", "sparsity", "us", "speedup", "error", "emulated");
      WinogradBench bench = new WinogradBench(convolutions, gemm, stream, batch);
      for (ConvLayer layer : layers) {
        if (names == null || names.contains(layer.name())) {
          List<ConvolutionFigure> figures = bench.run(layer, sparsities);
          print(figures);
          System.out.println(ConvolutionVerdict.of(figures, mostError, leastSpeedup).text());
        }
      }
    }
    return 0;
  }

  private static void print(List<ConvolutionFigure> figures) {
    double direct =
        figures.stream()
            .filter(figure -> figure.kernel().equals("direct"))
            .mapToDouble(figure -> figure.timing().median())
            .findFirst()
            .orElseThrow();
    figures.forEach(figure -> System.out.println(line(figure, direct)));
  }

  /**
   * One line of text for a measurement.
   *
   * @param direct microseconds of direct convolution
   */
  static String line(ConvolutionFigure figure, double direct) {
    if (figure.timing() == null) {
      return "%-20s %-10s not available: the library refused the product"
          .formatted(figure.layer(), figure.kernel());
    }
    return String.format(
        Locale.ROOT,
        "%-20s %-10s %7s %8.1f%% %9.2f %7.2fx %9s %9s",
        figure.layer(),
        figure.kernel(),
        figure.block(),
        100 * figure.sparsity(),
        figure.timing().median(),
        direct / figure.timing().median(),
        error(figure.error()),
        error(figure.emulated()));
  }

  private static String error(double error) {
    return Double.isNaN(error) ? "-" : String.format(Locale.ROOT, "%.6f", error);
  }
}
