package io.sextant.jobs.gpu;

import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.gemm.KernelRun;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.jobs.cli.ChainOptions;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.pruning.LayerChain;
import io.sextant.schema.InvalidInputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate pruned}. */
@Command(
    name = "pruned",
    description = "Measures the BF16 products of a chain of layers at every pruned shape.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: sextant gpu-validate pruned --chain top=53-512-512-256-1 --tokens 512,8192"
          + " --out pruned_runs.jsonl"
    })
final class PrunedCommand implements Callable<Integer> {
  private static final int SAMPLES = 11;

  @Mixin private ChainOptions chains;

  @Option(
      names = "--tokens",
      split = ",",
      defaultValue = "512,8192",
      description = "Numbers of examples per batch (default ${DEFAULT-VALUE}).")
  private List<Integer> tokens;

  @Mixin private GpuOption gpu;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "File for one line of JSON per shape, which sextant sparsity reads.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    double[] densities = chains.densities();
    for (int count : tokens) {
      if (count < 1) {
        throw InvalidInputException.of(
            "--tokens " + count, "it must be above 0", "Give a positive number");
      }
    }
    List<LayerChain> parsed = chains.chains();
    try (Kernels kernels = gpu.open();
        CublasLt library = new CublasLt();
        GemmBench bench = new GemmBench(library, kernels, SAMPLES);
        BufferedWriter writer = Files.newBufferedWriter(out)) {
      String device = kernels.context().device().name();
      for (LayerChain chain : parsed) {
        for (GemmSite site : chain.products(densities)) {
          for (int count : tokens) {
            KernelRun run = bench.run(site, count, Recipe.BF16);
            print(run);
            writer.write(run.figures(chain.name(), device).toJson());
            writer.newLine();
          }
        }
      }
      return 0;
    }
  }

  private static void print(KernelRun run) {
    System.out.printf(
        Locale.ROOT,
        "%-14s %6d x %-6d %7d at once  %s%n",
        run.site().name(),
        run.site().out(),
        run.site().k(),
        run.tokens(),
        run.refusal() != null
            ? run.refusal()
            : "%8.2f us (%.2f to %.2f)"
                .formatted(run.endToEnd().median(), run.endToEnd().low(), run.endToEnd().high()));
  }
}
