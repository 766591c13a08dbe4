package io.sextant.jobs.gpu;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.gpu.attention.AttentionStudy;
import io.sextant.gpu.kernel.AttentionKernels;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.numerics.attention.AttentionComparison;
import io.sextant.numerics.attention.AttentionErrors;
import io.sextant.numerics.attention.AttentionRate;
import io.sextant.numerics.attention.AttentionWindows;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate simplicial}. */
@Command(
    name = "simplicial",
    description =
        "Measures 2-simplicial attention: its error, its rate, and the context length above"
            + " which dot-product attention takes longer.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Operations are counted as in arXiv 2507.02754: 6 w1 w2 per token, head and"
          + " feature. The tensor cores do 4 of these for each visible pair.",
      "Example: sextant gpu-validate simplicial --context 8192,16384 --windows 256x32,512x32"
    })
final class SimplicialCommand implements Callable<Integer> {
  /** The processor on which the errors are measured. */
  enum Device {
    GPU,
    CPU
  }

  /** Beyond this, dot-product attention with as many operations fits on no GPU. */
  private static final int MOST_FIRST_WINDOW = 16_384;

  @Option(
      names = "--context",
      split = ",",
      defaultValue = "8192,16384,32768",
      description = "Sequence lengths in tokens (default ${DEFAULT-VALUE}).")
  private List<Integer> contexts;

  @Option(
      names = "--windows",
      split = ",",
      defaultValue = "256x32,512x32,512x64",
      paramLabel = "W1xW2",
      description =
          "Windows W1xW2: a token sees the last W1 keys and the last W2 second keys (default"
              + " ${DEFAULT-VALUE}).")
  private List<String> windows;

  @Option(
      names = "--heads",
      defaultValue = "64",
      paramLabel = "N",
      description = "Query heads per key head (default ${DEFAULT-VALUE}).")
  private int heads;

  @Option(
      names = "--cases",
      defaultValue = "24",
      paramLabel = "N",
      description =
          "Number of random shapes and windows for which errors are measured (default"
              + " ${DEFAULT-VALUE}).")
  private int cases;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "K",
      description = "Seed of the random cases (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--device",
      defaultValue = "GPU",
      description = "gpu, or cpu for the errors of the emulation only (default ${DEFAULT-VALUE}).")
  private Device device;

  @Mixin private GpuOption gpu;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "File for lines of JSON, which sextant dispatch reads: dot-product attention and"
              + " each pair of windows at each context, as models such as attention-512x32.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    List<AttentionWindows> pairs = windows.stream().map(SimplicialCommand::pair).toList();
    require("--heads", heads, heads >= 1 && heads <= 1024, "from 1 to 1024");
    require("--cases", cases, cases >= 0 && cases <= 1000, "from 0 to 1000");
    for (int context : contexts) {
      require("--context", context, context >= 1 && context <= 1 << 20, "from 1 to 1048576");
    }
    if (device == Device.CPU) {
      return errors(null) ? 0 : 2;
    }
    try (Kernels kernels = gpu.open();
        AttentionStudy study = new AttentionStudy(kernels, heads, seed)) {
      boolean passed = errors(study.device());
      double peak = study.peakTeraPerSecond();
      System.out.printf(
          Locale.ROOT,
          "%n%s, cuBLASLt %s in BF16 at %d^3: %.0f TFLOP/s; %d query heads a key head, 128 wide%n",
          kernels.context().device().name(),
          study.libraryVersion(),
          AttentionStudy.PEAK_SIDE,
          peak,
          heads);
      System.out.printf(
          "%-9s %8s %10s %8s %6s %8s %6s   %-38s %s%n",
          "windows",
          "context",
          "ms",
          "TFLOP/s",
          "%",
          "tensor",
          "%",
          "dot product of as many operations",
          "crossover");
      AttentionStudy.Result result = study.run(pairs, contexts, found -> print(found, peak));
      result.dotProducts().forEach(SimplicialCommand::print);
      if (out != null) {
        Files.write(out, result.figures().stream().map(KernelFigures::toJson).toList());
      }
      return passed ? 0 : 2;
    }
  }

  private static AttentionWindows pair(String text) {
    String[] parts = text.split("x", -1);
    try {
      if (parts.length == 2) {
        int w1 = Integer.parseInt(parts[0]);
        int w2 = Integer.parseInt(parts[1]);
        if (w1 > 0
            && w1 <= MOST_FIRST_WINDOW
            && w2 > 0
            && w2 <= AttentionKernels.MOST_SECOND_WINDOW) {
          return new AttentionWindows(w1, w2);
        }
      }
    } catch (NumberFormatException e) {
      // The exception below reports it.
    }
    throw InvalidInputException.of(
        "--windows",
        text + " is not a pair of windows",
        "Give W1xW2, for example 512x32, at most %dx%d"
            .formatted(MOST_FIRST_WINDOW, AttentionKernels.MOST_SECOND_WINDOW));
  }

  /** Prints the error of every case. Returns whether all are within the precision of BF16. */
  private boolean errors(AttentionErrors.Device calculates) {
    System.out.printf(
        "%-14s %7s %9s %7s %5s %5s %10s %10s%n",
        "attention", "context", "key heads", "heads", "w1", "w2", "emulated", "measured");
    boolean passed = true;
    for (AttentionErrors.Case one : AttentionErrors.cases(cases, seed)) {
      AttentionErrors.Row row = AttentionErrors.run(one, seed, calculates);
      System.out.printf(
          Locale.ROOT,
          "%-14s %7d %9d %7d %5d %5s %10.5f %10s%s%n",
          one.w2() == 0 ? "dot product" : "2-simplicial",
          one.shape().tokens(),
          one.shape().keyHeads(),
          one.shape().headsOfKey(),
          one.w1(),
          one.w2() == 0 ? "-" : one.w2(),
          row.emulated().relativeFrobenius(),
          row.measured() == null
              ? "-"
              : String.format(Locale.ROOT, "%.5f", row.measured().relativeFrobenius()),
          row.passed() ? "" : "  WRONG");
      passed &= row.passed();
    }
    return passed;
  }

  private static void print(AttentionComparison found, double peak) {
    AttentionRate rate = found.simplicial();
    AttentionRate dot = found.dotProduct();
    System.out.printf(
        Locale.ROOT,
        "%-9s %8d %10.3f %8.0f %6.1f %8.0f %6.1f   %6d tokens %9.3f ms %5.0f TFLOP/s %8.0f%n",
        found.windows().text(),
        found.context(),
        rate.timing().median() * 1e-3,
        rate.teraPerSecond(),
        100 * rate.teraPerSecond() / peak,
        rate.tensorTeraPerSecond(),
        100 * rate.tensorTeraPerSecond() / peak,
        found.equalContext(),
        dot.timing().median() * 1e-3,
        dot.teraPerSecond(),
        found.crossover());
  }

  private static void print(int context, AttentionRate dot) {
    System.out.printf(
        Locale.ROOT,
        "dot product at %d tokens: %.3f ms, %.0f TFLOP/s%n",
        context,
        dot.timing().median() * 1e-3,
        dot.teraPerSecond());
  }
}
