package io.sextant.gpu.attention;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.numerics.attention.AttentionCandidate;
import io.sextant.numerics.attention.AttentionComparison;
import io.sextant.numerics.attention.AttentionErrors;
import io.sextant.numerics.attention.AttentionRate;
import io.sextant.numerics.attention.AttentionShape;
import io.sextant.numerics.attention.AttentionWindows;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.GemmSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Measures 2-simplicial attention for pairs of windows and contexts, and compares it with
 * dot-product attention.
 */
public final class AttentionStudy implements AutoCloseable {
  /** Side of the square BF16 product whose rate is taken as the device's peak. */
  public static final int PEAK_SIDE = 8192;

  private static final int PEAK_SAMPLES = 11;
  private static final int ERROR_TOKENS = 700;

  private final Kernels kernels;
  private final int heads;
  private final long seed;
  private final CublasLt library;
  private final GemmBench peaks;
  private final AttentionBench bench;
  private final DeviceAttention device;
  private final DeviceResources resources = new DeviceResources();

  /**
   * @param kernels the device's kernels; the caller closes them
   * @param heads number of query heads that share a key head
   * @param seed seed of the random operands for measuring errors
   */
  public AttentionStudy(Kernels kernels, int heads, long seed) {
    this.kernels = kernels;
    this.heads = heads;
    this.seed = seed;
    try {
      device = new DeviceAttention(kernels.attention(), resources.hold(new CudaStream()));
      library = resources.hold(new CublasLt());
      peaks = resources.hold(new GemmBench(library, kernels, PEAK_SAMPLES));
      bench = resources.hold(new AttentionBench(kernels));
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /** The device on which cases of {@link AttentionErrors} are run. */
  public AttentionErrors.Device device() {
    return device;
  }

  /** The version of cuBLASLt, whose product gives the peak rate. */
  public String libraryVersion() {
    return library.version();
  }

  /** Rate of cuBLASLt's fastest BF16 product of side {@link #PEAK_SIDE}, in TFLOP/s. */
  public double peakTeraPerSecond() {
    double fastest =
        peaks.run(new GemmSite("peak", PEAK_SIDE, PEAK_SIDE), PEAK_SIDE).stream()
            .filter(run -> !run.recipe().approximate() && run.matmul() != null)
            .mapToDouble(run -> run.matmul().median())
            .min()
            .orElseThrow();
    return 2.0 * PEAK_SIDE * PEAK_SIDE * PEAK_SIDE / fastest * 1e-6;
  }

  /**
   * The measured results.
   *
   * @param dotProducts dot-product attention by context
   * @param figures lines for {@code dispatch}: per pair of windows and context, dot-product
   *     attention, then 2-simplicial attention
   */
  public record Result(Map<Integer, AttentionRate> dotProducts, List<KernelFigures> figures) {}

  /**
   * Measures every pair of windows at every context.
   *
   * @param contexts lengths of the sequences, in tokens
   * @param found receiver of each comparison as soon as it is measured
   */
  public Result run(
      List<AttentionWindows> pairs, List<Integer> contexts, Consumer<AttentionComparison> found) {
    Map<Integer, AttentionRate> dotProducts = new TreeMap<>();
    for (int context : contexts) {
      dotProducts.put(context, bench.dotProduct(shape(context)));
    }
    ErrorFigures dotError = error(new AttentionWindows(ERROR_TOKENS, 0));
    String gpu = kernels.context().device().name();
    List<KernelFigures> figures = new ArrayList<>();
    for (AttentionWindows pair : pairs) {
      ErrorFigures error = error(pair);
      int equal = AttentionRate.equalContext(pair.w1(), pair.w2());
      AttentionRate dot = bench.dotProduct(shape(equal));
      for (int context : contexts) {
        AttentionRate rate = bench.simplicial(shape(context), pair.w1(), pair.w2());
        found.accept(new AttentionComparison(pair, context, rate, equal, dot));
        figures.add(
            new AttentionCandidate(pair.w1(), pair.w2(), false, dotProducts.get(context), dotError)
                .figures(shape(context), gpu));
        figures.add(
            new AttentionCandidate(pair.w1(), pair.w2(), true, rate, error)
                .figures(shape(context), gpu));
      }
    }
    return new Result(dotProducts, figures);
  }

  private ErrorFigures error(AttentionWindows pair) {
    int tokens = Math.max(ERROR_TOKENS, pair.w1() + 1);
    AttentionErrors.Case one = new AttentionErrors.Case(shape(tokens), pair.w1(), pair.w2());
    return AttentionErrors.run(one, seed, device).measured();
  }

  private AttentionShape shape(int context) {
    return new AttentionShape(context, 1, heads);
  }

  @Override
  public void close() {
    resources.close();
  }
}
