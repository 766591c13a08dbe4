package io.sextant.jobs.gpu.kernels;

import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.gemm.KernelRun;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.CusparseLt;
import io.sextant.gpu.packaged.KernelPackage;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.dispatch.Timing;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate kernels}. */
@Command(
    name = "kernels",
    description = "Measures every kernel on the matrix products of models.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: sextant gpu-validate kernels --model llama3-8b --tokens 64,1024"
          + " --out kernel_runs.jsonl"
    })
public final class KernelsCommand implements Callable<Integer> {
  static final int SAMPLES = 11;

  @Option(names = "--model", required = true, split = ",", description = "Models in conf/models.")
  private List<String> models;

  @Option(
      names = "--tokens",
      split = ",",
      defaultValue = "16,64,256,1024,2048,4096,8192",
      description = "Numbers of tokens (default ${DEFAULT-VALUE}).")
  private List<Integer> tokens;

  @Mixin private GpuOption gpu;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "File for one line of JSON per kernel, which sextant dispatch reads.")
  private Path out;

  @Option(
      names = "--packages",
      paramLabel = "DIR",
      description =
          "Folder of kernel packages, which are checked and measured too (docs/kernel-packages.md).")
  private Path packages;

  @Option(
      names = "--package-timeout",
      defaultValue = "60",
      paramLabel = "S",
      description =
          "Seconds without a measurement after which a package is ended and refused (default"
              + " ${DEFAULT-VALUE}).")
  private int packageTimeout;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<ModelSpec> specs = models.stream().map(ModelSpecs::load).toList();
    try (Kernels kernels = gpu.open();
        CublasLt library = new CublasLt();
        CusparseLt sparse = needsSparse(specs) ? new CusparseLt() : null;
        GemmBench bench = new GemmBench(library, sparse, kernels, SAMPLES, GemmBench.USUAL_SHIFT);
        BufferedWriter writer = Files.newBufferedWriter(out)) {
      if (packages != null) {
        KernelPackage.folders(packages);
      }
      String gpuName = kernels.context().device().name();
      for (ModelSpec model : specs) {
        for (GemmSite site : GemmSite.of(model)) {
          for (int count : tokens) {
            List<KernelRun> runs = bench.run(site, count);
            Timing bf16 = bf16(runs);
            for (KernelRun run : runs) {
              System.out.println(line(model.name(), run, bf16));
              writer.write(run.figures(model.name(), gpuName).toJson());
              writer.newLine();
            }
            // A long run that is stopped keeps the measurements so far.
            writer.flush();
          }
        }
      }
      if (packages != null) {
        measurePackages(specs, gpuName, writer);
      }
      return 0;
    }
  }

  private void measurePackages(List<ModelSpec> specs, String gpuName, BufferedWriter writer)
      throws IOException, InterruptedException {
    new PackageRuns(specs, tokens, gpu.number(), gpuName, Duration.ofSeconds(packageTimeout))
        .run(
            packages,
            line -> {
              try {
                writer.write(line);
                writer.newLine();
                writer.flush();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            System.out::println);
  }

  private static boolean needsSparse(List<ModelSpec> specs) {
    return specs.stream()
        .flatMap(spec -> GemmSite.of(spec).stream())
        .anyMatch(GemmSite::afterSquaredRelu);
  }

  /** Time of the library's product in BF16; null if the library refused it. */
  static Timing bf16(List<KernelRun> runs) {
    return runs.stream()
        .filter(run -> run.recipe() == Recipe.BF16 && KernelFigures.ofLibrary(run.library()))
        .findFirst()
        .map(KernelRun::endToEnd)
        .orElse(null);
  }

  /**
   * One line of text for a run.
   *
   * @param bf16 time of BF16, the base of the speedup; null if there is none
   */
  static String line(String model, KernelRun run, Timing bf16) {
    String what =
        "%-18s %-16s %6d %-18s %-18s "
            .formatted(model, run.site().name(), run.tokens(), run.recipe().id(), run.library());
    if (run.matmul() == null) {
      return what + run.refusal();
    }
    String speedup =
        bf16 == null
            ? "speedup not available: the library refused BF16"
            : String.format(Locale.ROOT, "%5.2fx", bf16.median() / run.endToEnd().median());
    return what
        + String.format(
            Locale.ROOT,
            "alg %d of %d (%d wrong) matmul %9.1f us, end to end %9.1f us, %s, error %.4f",
            run.algorithm(),
            run.algorithmsTried(),
            run.algorithmsWrong(),
            run.matmul().median(),
            run.endToEnd().median(),
            speedup,
            run.error().relativeFrobenius());
  }
}
