package io.sextant.jobs.gpu;

import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.CusparseLt;
import io.sextant.gpu.validate.Check;
import io.sextant.gpu.validate.PlantedFaults;
import io.sextant.gpu.validate.TensorGemm;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.numerics.format.CompressedOperand;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.probe.SiteTensors;
import io.sextant.numerics.probe.TensorErrors;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate tensors}. */
@Command(
    name = "tensors",
    description =
        "Compares the error of real products under every recipe: measured on the GPU,"
            + " emulated on the CPU and predicted from statistics.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Errors are |out - ref| / |ref|. The column N(0,1) is the error with standard"
          + " normal operands, as in the usual random benchmarks.",
      "Example: sextant gpu-validate tensors --input tensors.safetensors --device cpu"
    })
final class TensorsCommand implements Callable<Integer> {
  /** The processor that computes the products. */
  enum Device {
    GPU,
    CPU
  }

  @Option(
      names = "--input",
      required = true,
      split = ",",
      paramLabel = "FILE",
      description = "Safetensors file with SITE/activation [tokens, k] and SITE/weight [out, k].")
  private List<Path> files;

  @Option(
      names = "--device",
      defaultValue = "GPU",
      description = "gpu, or cpu for the emulation only (default ${DEFAULT-VALUE}).")
  private Device device;

  @Mixin private GpuOption gpu;

  @Override
  public Integer call() throws IOException {
    System.out.printf(
        "%-24s %-17s %-16s %9s %9s %6s %9s %6s %9s%n",
        "site",
        "recipe",
        "kernel",
        "measured",
        "emulated",
        "off %",
        "predicted",
        "off %",
        "N(0,1)");
    if (device == Device.CPU) {
      for (Path file : files) {
        for (SiteTensors site : SiteTensors.read(TraceFiles.local(file))) {
          print(TensorErrors.of(site, "cpu", List.of(Recipe.values()), null));
        }
      }
      return 0;
    }
    boolean passed = true;
    try (Kernels kernels = gpu.open();
        CublasLt library = new CublasLt();
        TensorGemm gemm = new TensorGemm(kernels, library)) {
      for (Path file : files) {
        List<SiteTensors> sites = SiteTensors.read(TraceFiles.local(file));
        for (SiteTensors site : sites) {
          print(TensorErrors.of(site, "cublaslt", Recipe.dense(), gemm::cublasLt));
          print(
              TensorErrors.of(
                  site,
                  "sextant grouped",
                  List.of(Recipe.BF16, Recipe.E4M3_ROW),
                  (recipe, tensors) -> gemm.grouped(recipe.fp8(), kernels.grouped(), tensors)));
          if (takesSparseOperand(site)) {
            try (CusparseLt sparse = new CusparseLt()) {
              print(
                  TensorErrors.of(
                      site,
                      "cusparselt",
                      List.of(Recipe.BF16_SPARSE24, Recipe.E4M3_SPARSE24),
                      (recipe, tensors) -> gemm.cusparseLt(sparse, recipe, tensors)));
            }
          }
        }
        SiteTensors widest =
            sites.stream().max(Comparator.comparingInt(SiteTensors::k)).orElseThrow();
        for (Check check : PlantedFaults.run(kernels, gemm, widest)) {
          System.out.printf(
              "%-8s %-48s %s%n", check.passed() ? "ok" : "WRONG", check.name(), check.figures());
          passed &= check.passed();
        }
      }
    }
    return passed ? 0 : 2;
  }

  /**
   * Whether no activation is negative, as after a squared ReLU, and the tokens fill whole blocks of
   * the kernels.
   */
  private static boolean takesSparseOperand(SiteTensors site) {
    if (site.tokens() % CompressedOperand.SIDE != 0) {
      return false;
    }
    for (float value : site.activations().values()) {
      if (value < 0) {
        return false;
      }
    }
    return true;
  }

  private static void print(List<TensorErrors.Row> rows) {
    for (TensorErrors.Row row : rows) {
      double emulated = row.emulated().relativeFrobenius();
      double truth = row.measured() == null ? emulated : row.measured().relativeFrobenius();
      System.out.printf(
          Locale.ROOT,
          "%-24s %-17s %-16s %9s %9.5f %6.2f %9.5f %6.1f %9.5f%n",
          row.site(),
          row.recipe().id(),
          row.kernel(),
          row.measured() == null ? "-" : "%.5f".formatted(truth),
          emulated,
          100 * (emulated / truth - 1),
          row.predicted().relativeFrobenius(),
          100 * (row.predicted().relativeFrobenius() / truth - 1),
          row.gaussian());
    }
  }
}
