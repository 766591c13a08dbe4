package io.sextant.gpu.gemm;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.CusparseLt;
import io.sextant.gpu.library.RefusedCallException;
import io.sextant.gpu.measure.Stopwatch;
import io.sextant.gpu.packaged.KernelPackage;
import io.sextant.gpu.packaged.PackagedKernel;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.dispatch.Timing;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Measures every {@link Recipe} for a product: all algorithms of a library, with all conversions of
 * the activations, with buffers rotated so that weights come from memory, and the error of sampled
 * outputs.
 */
public final class GemmBench implements AutoCloseable {
  /** A product counts as wrong above this relative Frobenius error; FP8 has about 0.04. */
  public static final double WRONG = 0.1;

  /** The usual shift of the mean before a squared ReLU; 89 % of the activations are then 0. */
  public static final double USUAL_SHIFT = 1.25;

  private static final long WORKSPACE_BYTES = 64L << 20;
  private static final int SCREENING_SAMPLES = 3;

  /** An algorithm whose first run takes this many times the best so far is not timed further. */
  private static final double HOPELESS = 1.3;

  /** The time that the host's launch can add to a single run. */
  private static final double LAUNCH_MICROSECONDS = 15;

  private final CublasLt cublasLt;
  private final CusparseLt cusparseLt;
  private final Kernels kernels;
  private final CudaStream stream;
  private final Stopwatch stopwatch;
  private final DeviceBuffer workspace;
  private final int samples;
  private final double shift;
  private final DeviceResources resources = new DeviceResources();

  /**
   * For products without a 2:4 operand.
   *
   * @param samples timed runs of each final figure
   */
  public GemmBench(CublasLt library, Kernels kernels, int samples) {
    this(library, null, kernels, samples, 0);
  }

  /**
   * For all products.
   *
   * @param samples timed runs of each final figure
   * @param shift number of standard deviations by which the mean before a squared ReLU is below
   *     zero, which determines the share of zeros
   */
  public GemmBench(
      CublasLt cublasLt, CusparseLt cusparseLt, Kernels kernels, int samples, double shift) {
    this.cublasLt = cublasLt;
    this.cusparseLt = cusparseLt;
    this.kernels = kernels;
    this.samples = samples;
    this.shift = shift;
    try {
      stream = resources.hold(new CudaStream());
      stopwatch = new Stopwatch(stream);
      workspace = resources.buffer(WORKSPACE_BYTES);
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /** Measures a product for one number of tokens under every recipe that applies to it. */
  public List<KernelRun> run(GemmSite site, int tokens) {
    try (Operands operands = new Operands(kernels, stream, site, tokens, shift)) {
      List<KernelRun> runs = new ArrayList<>();
      for (Recipe recipe : Recipe.dense()) {
        runs.add(dense(operands, recipe));
      }
      if (site.out() % Granularity.SIDE == 0 && site.k() % Granularity.SIDE == 0) {
        for (Recipe recipe : List.of(Recipe.BF16, Recipe.E4M3_ROW)) {
          runs.add(
              run(
                  operands,
                  recipe,
                  KernelFigures.OWN,
                  () -> new GroupedCandidate(kernels, stream, operands, recipe)));
        }
      }
      if (site.afterSquaredRelu()) {
        for (Recipe recipe : List.of(Recipe.BF16_SPARSE24, Recipe.E4M3_SPARSE24)) {
          runs.add(sparse(operands, recipe));
        }
      }
      return runs;
    }
  }

  /** Measures a product for one number of tokens under one recipe with cuBLASLt's kernels. */
  public KernelRun run(GemmSite site, int tokens, Recipe recipe) {
    try (Operands operands = new Operands(kernels, stream, site, tokens, shift)) {
      return dense(operands, recipe);
    }
  }

  /**
   * Measures a product for one number of tokens with the kernels of a package.
   *
   * @param kernels the package's variants, loaded and checked
   */
  public KernelRun run(
      GemmSite site, int tokens, KernelPackage found, List<PackagedKernel> kernels) {
    Recipe recipe = Recipe.of(found.recipe());
    boolean[] damaged = new boolean[1];
    try (Operands operands = new Operands(this.kernels, stream, site, tokens, shift)) {
      KernelRun run =
          run(
              operands,
              recipe,
              found.library(),
              () ->
                  new PackagedCandidate(this.kernels, stream, operands, found, kernels) {
                    @Override
                    public void close() {
                      damaged[0] = !intact();
                      super.close();
                    }
                  });
      return damaged[0]
          ? KernelRun.refused(
              site, tokens, recipe, found.library(), 0, "it writes outside its memory")
          : run;
    }
  }

  private KernelRun dense(Operands operands, Recipe recipe) {
    return run(
        operands,
        recipe,
        "cublaslt " + cublasLt.version(),
        () -> new CublasCandidate(cublasLt, kernels, stream, operands, recipe, workspace));
  }

  private KernelRun sparse(Operands operands, Recipe recipe) {
    String library = "cusparselt " + cusparseLt.version();
    String objection = SparseCandidate.objection(operands.site(), operands.tokens());
    return objection != null
        ? KernelRun.refused(operands.site(), operands.tokens(), recipe, library, 0, objection)
        : run(
            operands,
            recipe,
            library,
            () -> new SparseCandidate(cusparseLt, kernels, stream, operands, recipe, workspace));
  }

  private KernelRun run(
      Operands operands, Recipe recipe, String library, Supplier<Candidate> candidates) {
    GemmSite site = operands.site();
    try (Candidate candidate = candidates.get()) {
      Search search = search(operands, candidate);
      if (search.best < 0) {
        return KernelRun.refused(
            site, operands.tokens(), recipe, library, search.wrong, search.refusal);
      }
      Timing alone =
          stopwatch.time(
              operands.rotations(), samples, rotation -> candidate.multiply(search.best, rotation));
      Timing endToEnd =
          candidate.prepares()
              ? stopwatch.time(
                  operands.rotations(),
                  samples,
                  rotation -> {
                    candidate.prepare();
                    candidate.multiply(search.best, rotation);
                  })
              : alone;
      return new KernelRun(
          site,
          operands.tokens(),
          recipe,
          library,
          search.best,
          search.tried,
          search.wrong,
          alone,
          endToEnd,
          search.error,
          candidate.workspaceBytes(search.best),
          null);
    } catch (RefusedCallException e) {
      return KernelRun.refused(site, operands.tokens(), recipe, library, 0, e.getMessage());
    }
  }

  /** The result of trying a candidate's algorithms. */
  private static final class Search {
    private int best = -1;
    private int tried;
    private int wrong;
    private double bestTime = Double.POSITIVE_INFINITY;
    private ErrorFigures error;
    private String refusal = "no algorithm is offered";
  }

  private Search search(Operands operands, Candidate candidate) {
    Search search = new Search();
    for (int algorithm = 0; algorithm < candidate.algorithms(); algorithm++) {
      int number = algorithm;
      try {
        operands.outputs().clear(stream);
        candidate.multiply(number, 0);
        stream.synchronize();
      } catch (RefusedCallException e) {
        search.refusal = e.getMessage();
        continue;
      }
      ErrorFigures figures = operands.error();
      if (!(figures.relativeFrobenius() < WRONG)) {
        search.wrong++;
        search.refusal = "relative error %.3f".formatted(figures.relativeFrobenius());
        continue;
      }
      search.tried++;
      double once = stream.microseconds(() -> candidate.multiply(number, operands.rotations() - 1));
      if (once > HOPELESS * search.bestTime + LAUNCH_MICROSECONDS) {
        continue;
      }
      double time =
          stopwatch
              .time(
                  operands.rotations(),
                  SCREENING_SAMPLES,
                  rotation -> candidate.multiply(number, rotation))
              .median();
      if (time < search.bestTime) {
        search.bestTime = time;
        search.best = algorithm;
        search.error = figures;
      }
    }
    return search;
  }

  @Override
  public void close() {
    resources.close();
  }
}
