package io.sextant.jobs.gpu;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.gpu.attention.AttentionBench;
import io.sextant.gpu.attention.AttentionCandidate;
import io.sextant.gpu.attention.AttentionErrors;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.gemm.GemmSite;
import io.sextant.gpu.kernel.AttentionKernels;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.numerics.ErrorFigures;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate simplicial}. */
@Command(
    name = "simplicial",
    description =
        "Measures 2-simplicial attention: its error, its rate, and the context from which on"
            + " dot-product attention takes longer.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Operations are counted as arXiv 2507.02754 does, 6 w1 w2 a token, head and feature; what"
          + " the tensor cores do of them is 4 for each pair that is seen.",
      "Example: sextant gpu-validate simplicial --context 8192,16384 --windows 256x32,512x32"
    })
final class SimplicialCommand implements Callable<Integer> {
  /** What calculates the errors. */
  enum Device {
    GPU,
    CPU
  }

  private static final int PEAK_SIDE = 8192;
  private static final int PEAK_SAMPLES = 11;
  private static final int ERROR_TOKENS = 700;

  /** Beyond, the dot-product attention of as many operations fits on no GPU. */
  private static final int MOST_FIRST_WINDOW = 16_384;

  @Option(
      names = "--context",
      split = ",",
      defaultValue = "8192,16384,32768",
      description = "Tokens of the sequence (default ${DEFAULT-VALUE}).")
  private List<Integer> contexts;

  @Option(
      names = "--windows",
      split = ",",
      defaultValue = "256x32,512x32,512x64",
      paramLabel = "W1xW2",
      description = "Last keys and last second keys that a token sees (default ${DEFAULT-VALUE}).")
  private List<String> windows;

  @Option(
      names = "--heads",
      defaultValue = "64",
      paramLabel = "N",
      description = "Query heads that share a key head (default ${DEFAULT-VALUE}).")
  private int heads;

  @Option(
      names = "--cases",
      defaultValue = "24",
      paramLabel = "N",
      description =
          "Random shapes and windows that errors are taken of (default ${DEFAULT-VALUE}).")
  private int cases;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "K",
      description = "Of the random cases (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--device",
      defaultValue = "GPU",
      description = "gpu, or cpu for the errors of the emulation alone (default ${DEFAULT-VALUE}).")
  private Device device;

  @Mixin private GpuOption gpu;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Lines of JSON for sextant dispatch: at each context dot-product attention and each pair"
              + " of windows, as models such as attention-512x32.")
  private Path out;

  private record Windows(int w1, int w2) {
    static Windows parse(String text) {
      String[] parts = text.split("x", -1);
      try {
        if (parts.length == 2) {
          Windows windows = new Windows(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
          if (windows.w1 > 0
              && windows.w1 <= MOST_FIRST_WINDOW
              && windows.w2 > 0
              && windows.w2 <= AttentionKernels.MOST_SECOND_WINDOW) {
            return windows;
          }
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw InvalidInputException.of(
          "--windows",
          text + " is no pair of windows",
          "Give W1xW2, such as 512x32, at most %dx%d"
              .formatted(MOST_FIRST_WINDOW, AttentionKernels.MOST_SECOND_WINDOW));
    }
  }

  @Override
  public Integer call() throws IOException {
    List<Windows> pairs = windows.stream().map(Windows::parse).toList();
    require("--heads", heads, heads >= 1 && heads <= 1024, "from 1 to 1024");
    require("--cases", cases, cases >= 0 && cases <= 1000, "from 0 to 1000");
    for (int context : contexts) {
      require("--context", context, context >= 1 && context <= 1 << 20, "from 1 to 1048576");
    }
    if (device == Device.CPU) {
      return errors(null, null) ? 0 : 2;
    }
    try (Kernels kernels = gpu.open();
        CudaStream stream = new CudaStream();
        CublasLt library = new CublasLt();
        GemmBench peaks = new GemmBench(library, kernels, PEAK_SAMPLES);
        AttentionBench bench = new AttentionBench(kernels)) {
      boolean passed = errors(kernels.attention(), stream);
      double peak = bf16TeraPerSecond(peaks);
      System.out.printf(
          Locale.ROOT,
          "%n%s, cuBLASLt %s in BF16 at %d^3: %.0f TFLOP/s; %d query heads a key head, 128 wide%n",
          kernels.context().device().name(),
          library.version(),
          PEAK_SIDE,
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
      Map<Integer, AttentionBench.Result> rivals = new TreeMap<>();
      for (int context : contexts) {
        rivals.put(context, bench.dotProduct(shape(context)));
      }
      ErrorFigures rivalError = error(new Windows(ERROR_TOKENS, 0), kernels, stream);
      List<String> lines = new ArrayList<>();
      for (Windows pair : pairs) {
        ErrorFigures error = error(pair, kernels, stream);
        int equal = AttentionBench.equalContext(pair.w1, pair.w2);
        AttentionBench.Result dot = bench.dotProduct(shape(equal));
        for (int context : contexts) {
          AttentionBench.Result result = bench.simplicial(shape(context), pair.w1, pair.w2);
          System.out.printf(
              Locale.ROOT,
              "%-9s %8d %10.3f %8.0f %6.1f %8.0f %6.1f   %6d tokens %9.3f ms %5.0f TFLOP/s %8.0f%n",
              pair.w1 + "x" + pair.w2,
              context,
              result.timing().median() * 1e-3,
              result.teraPerSecond(),
              100 * result.teraPerSecond() / peak,
              result.tensorTeraPerSecond(),
              100 * result.tensorTeraPerSecond() / peak,
              equal,
              dot.timing().median() * 1e-3,
              dot.teraPerSecond(),
              AttentionBench.crossover(result, context, dot, equal));
          String gpuName = kernels.context().device().name();
          lines.add(
              new AttentionCandidate(pair.w1, pair.w2, false, rivals.get(context), rivalError)
                  .figures(shape(context), gpuName)
                  .toJson());
          lines.add(
              new AttentionCandidate(pair.w1, pair.w2, true, result, error)
                  .figures(shape(context), gpuName)
                  .toJson());
        }
      }
      rivals.forEach(
          (context, dot) ->
              System.out.printf(
                  Locale.ROOT,
                  "dot product at %d tokens: %.3f ms, %.0f TFLOP/s%n",
                  context,
                  dot.timing().median() * 1e-3,
                  dot.teraPerSecond()));
      if (out != null) {
        Files.write(out, lines);
      }
      return passed ? 0 : 2;
    }
  }

  private ErrorFigures error(Windows pair, Kernels kernels, CudaStream stream) {
    int tokens = Math.max(ERROR_TOKENS, pair.w1 + 1);
    return AttentionErrors.run(
            new AttentionErrors.Case(shape(tokens), pair.w1, pair.w2),
            seed,
            kernels.attention(),
            stream)
        .measured();
  }

  private AttentionKernels.Shape shape(int context) {
    return new AttentionKernels.Shape(context, 1, heads);
  }

  private boolean errors(AttentionKernels kernels, CudaStream stream) {
    System.out.printf(
        "%-14s %7s %9s %7s %5s %5s %10s %10s%n",
        "attention", "context", "key heads", "heads", "w1", "w2", "emulated", "measured");
    boolean passed = true;
    for (AttentionErrors.Case one : AttentionErrors.cases(cases, seed)) {
      AttentionErrors.Row row = AttentionErrors.run(one, seed, kernels, stream);
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

  private static double bf16TeraPerSecond(GemmBench peaks) {
    double fastest =
        peaks.run(new GemmSite("peak", PEAK_SIDE, PEAK_SIDE), PEAK_SIDE).stream()
            .filter(run -> !run.recipe().approximate() && run.matmul() != null)
            .mapToDouble(run -> run.matmul().median())
            .min()
            .orElseThrow();
    return 2.0 * PEAK_SIDE * PEAK_SIDE * PEAK_SIDE / fastest * 1e-6;
  }
}
