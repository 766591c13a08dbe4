package io.sextant.jobs.gpu;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.gemm.KernelRun;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.CusparseLt;
import io.sextant.gpu.validate.Check;
import io.sextant.gpu.validate.Sparse24Checks;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.numerics.dispatch.Accuracy;
import io.sextant.numerics.dispatch.Choice;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.dispatch.Requirement;
import io.sextant.numerics.dispatch.SiteDispatch;
import io.sextant.numerics.gemm.GemmInput;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.schema.InvalidInputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate sparse24}. */
@Command(
    name = "sparse24",
    description =
        "Measures the second product of a feed-forward network after a squared ReLU: 2:4"
            + " sparse activations against BF16 and FP8, including the conversion of the activations.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Every time begins with the input of the squared ReLU. Writes the same lines as"
          + " gpu-validate kernels, with one model per size, such as ffn-4096.",
      "Example: sextant gpu-validate sparse24 --sizes 4096,8192 --out sparse24_runs.jsonl"
    })
final class Sparse24Command implements Callable<Integer> {
  private static final int SAMPLES = 11;
  private static final Requirement REQUIREMENT = new Requirement(0.05, 1.05);

  @Option(
      names = "--sizes",
      split = ",",
      defaultValue = "4096,8192",
      description =
          "Numbers of outputs, equal to those of inner features (default ${DEFAULT-VALUE}).")
  private List<Integer> sizes;

  @Option(
      names = "--tokens",
      split = ",",
      defaultValue = "64,128,256,512,1024,2048,4096,8192,16384",
      description = "Numbers of tokens (default ${DEFAULT-VALUE}).")
  private List<Integer> tokens;

  @Option(
      names = "--shift",
      defaultValue = "" + GemmBench.USUAL_SHIFT,
      paramLabel = "S",
      description =
          "How many standard deviations the mean before the squared ReLU lies below zero"
              + " (default ${DEFAULT-VALUE}: 89 %% zeros, as in the middle layers of a real"
              + " model).")
  private double shift;

  @Mixin private GpuOption gpu;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "File for one line of JSON per kernel, which sextant dispatch reads.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    require("--shift", shift, shift >= 0 && shift <= 3, "from 0 to 3");
    for (int size : sizes) {
      if (size < 128 || size % 128 != 0) {
        throw InvalidInputException.of(
            "--sizes",
            size + " is not a valid size of a product",
            "Give positive multiples of 128");
      }
    }
    try (Kernels kernels = gpu.open();
        CudaStream stream = new CudaStream();
        CublasLt cublasLt = new CublasLt();
        CusparseLt cusparseLt = new CusparseLt();
        GemmBench bench = new GemmBench(cublasLt, cusparseLt, kernels, SAMPLES, shift);
        BufferedWriter writer = Files.newBufferedWriter(out)) {
      List<Check> checks = new Sparse24Checks(kernels, cusparseLt, stream).run();
      for (Check check : checks) {
        System.out.printf(
            "%-8s %-40s %s%n", check.passed() ? "ok" : "DIFFERS", check.name(), check.figures());
      }
      String device = kernels.context().device().name();
      for (int size : sizes) {
        GemmSite site = new GemmSite("mlp.down", size, size, GemmInput.BEFORE_SQUARED_RELU);
        for (int count : tokens) {
          List<KernelFigures> figures = new ArrayList<>();
          for (KernelRun run : bench.run(site, count)) {
            KernelFigures of = run.figures("ffn-" + size, device);
            figures.add(of);
            writer.write(of.toJson());
            writer.newLine();
          }
          // A long run that is stopped keeps the measurements so far.
          writer.flush();
          print(size, count, figures);
        }
      }
      return checks.stream().allMatch(Check::passed) ? 0 : 2;
    }
  }

  private static void print(int size, int tokens, List<KernelFigures> figures) {
    Choice choice = new SiteDispatch(REQUIREMENT, Accuracy.AS_MEASURED).choose(figures);
    System.out.printf(
        Locale.ROOT,
        "%n%d x %d, %d tokens: %s, %.2fx of BF16%n",
        size,
        size,
        tokens,
        choice.kernel().title(),
        choice.speedup());
    for (KernelFigures one : figures) {
      String reason =
          choice.losers().stream()
              .filter(loser -> loser.kernel().equals(one))
              .map(Choice.Loser::reason)
              .findFirst()
              .orElse(one.equals(choice.kernel()) ? "taken" : "the one to beat");
      if (one.ran()) {
        System.out.printf(
            Locale.ROOT,
            "  %-18s %-18s product %9.1f us, end to end %9.1f us, %5.2fx, error %.4f: %s%n",
            one.recipe(),
            one.library(),
            one.matmulUs(),
            one.endToEndUs(),
            choice.bf16().endToEndUs() / one.endToEndUs(),
            one.relativeFrobenius(),
            reason);
      } else {
        System.out.printf("  %-18s %-18s %s%n", one.recipe(), one.library(), reason);
      }
    }
  }
}
