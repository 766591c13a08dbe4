package io.sextant.gpu.gemm;

import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.kernel.CheckKernels;
import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.CublasLtException;
import io.sextant.gpu.library.Matmul;
import io.sextant.gpu.library.ScaleMode;
import io.sextant.gpu.measure.Stopwatch;
import io.sextant.gpu.measure.Timing;
import io.sextant.gpu.numerics.ErrorFigures;
import io.sextant.gpu.numerics.Granularity;
import io.sextant.gpu.numerics.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures every {@link Recipe} for a product: all algorithms the library proposes, the conversion
 * of the activations included, buffers rotated so that weights come from memory, and the error of
 * sampled outputs.
 *
 * <p>Inputs are Gaussian with rows and columns of different size, so that a kernel that reads
 * another's scales shows.
 */
public final class GemmBench implements AutoCloseable {
  /** A product is called wrong beyond this relative Frobenius error: FP8 has about 0.04. */
  public static final double WRONG = 0.1;

  private static final long WORKSPACE_BYTES = 64L << 20;
  private static final int MOST_ROTATIONS = 16;
  private static final int SCREENING_SAMPLES = 3;

  /** An algorithm that takes this many times the best so far, once, is not timed further. */
  private static final double HOPELESS = 1.3;

  /** What the host's launch can add to a single run. */
  private static final double LAUNCH_MICROSECONDS = 15;

  private static final int SAMPLED_TOKENS = 64;
  private static final int SAMPLED_COLUMNS = 64;
  private static final float SPREAD = 0.5f;
  private static final float WEIGHT_SIZE = 0.02f;

  private final CudaContext context;
  private final CublasLt library;
  private final QuantizeKernels quantize;
  private final CheckKernels check;
  private final GroupedGemm grouped;
  private final CudaStream stream = new CudaStream();
  private final Stopwatch stopwatch = new Stopwatch(stream);
  private final DeviceBuffer workspace = new DeviceBuffer(WORKSPACE_BYTES);
  private final int samples;

  /**
   * @param samples timed runs of each final figure
   */
  public GemmBench(CublasLt library, Kernels kernels, int samples) {
    this.context = kernels.context();
    this.library = library;
    this.quantize = kernels.quantize();
    this.check = kernels.check();
    this.grouped = kernels.grouped();
    this.samples = samples;
  }

  /** Measures a product for one number of tokens under every recipe. */
  public List<KernelRun> run(GemmSite site, int tokens) {
    try (Operands operands = new Operands(site, tokens)) {
      List<KernelRun> runs = new ArrayList<>();
      for (Recipe recipe : Recipe.values()) {
        runs.add(run(operands, recipe));
      }
      if (site.out() % Granularity.SIDE == 0 && site.k() % Granularity.SIDE == 0) {
        runs.add(runOwn(operands, Recipe.BF16));
        runs.add(runOwn(operands, Recipe.E4M3_ROW));
      }
      return runs;
    }
  }

  /** Measures a product for one number of tokens under one recipe with the library's kernels. */
  public KernelRun run(GemmSite site, int tokens, Recipe recipe) {
    try (Operands operands = new Operands(site, tokens)) {
      return run(operands, recipe);
    }
  }

  private KernelRun run(Operands operands, Recipe recipe) {
    GemmSite site = operands.site;
    String name = "cublaslt " + library.version();
    try (Converted converted = recipe.fp8() ? new Converted(operands, recipe) : null;
        Matmul matmul = matmul(operands, converted)) {
      int best = -1;
      int tried = 0;
      int wrong = 0;
      ErrorFigures error = null;
      String refusal = "no algorithm is offered";
      double bestTime = Double.POSITIVE_INFINITY;
      for (int algorithm = 0; algorithm < matmul.algorithmCount(); algorithm++) {
        int number = algorithm;
        try {
          start(matmul, number, operands, converted, 0);
          stream.synchronize();
        } catch (CublasLtException e) {
          refusal = e.getMessage();
          continue;
        }
        ErrorFigures figures = operands.error();
        if (!(figures.relativeFrobenius() < WRONG)) {
          wrong++;
          refusal = "relative error %.3f".formatted(figures.relativeFrobenius());
          continue;
        }
        tried++;
        double once =
            stream.microseconds(
                () -> start(matmul, number, operands, converted, operands.rotations - 1));
        if (once > HOPELESS * bestTime + LAUNCH_MICROSECONDS) {
          continue;
        }
        double time =
            stopwatch
                .time(
                    operands.rotations,
                    SCREENING_SAMPLES,
                    rotation -> start(matmul, number, operands, converted, rotation))
                .median();
        if (time < bestTime) {
          bestTime = time;
          best = algorithm;
          error = figures;
        }
      }
      if (best < 0) {
        return KernelRun.refused(site, operands.tokens, recipe, name, wrong, refusal);
      }
      int chosen = best;
      Timing alone =
          stopwatch.time(
              operands.rotations,
              samples,
              rotation -> start(matmul, chosen, operands, converted, rotation));
      Timing endToEnd =
          converted == null
              ? alone
              : stopwatch.time(
                  operands.rotations,
                  samples,
                  rotation -> {
                    converted.convertActivations();
                    start(matmul, chosen, operands, converted, rotation);
                  });
      return new KernelRun(
          site, operands.tokens, recipe, name, chosen, tried, wrong, alone, endToEnd, error, null);
    } catch (CublasLtException e) {
      return KernelRun.refused(site, operands.tokens, recipe, name, 0, e.getMessage());
    }
  }

  /** Our grouped kernel: a rotation of the weights is an expert, and one has all the tokens. */
  private KernelRun runOwn(Operands operands, Recipe recipe) {
    GemmSite site = operands.site;
    List<GroupedGemm.Launch> launches = new ArrayList<>();
    try (Converted converted = recipe.fp8() ? new Converted(operands, recipe) : null) {
      GroupedGemm.Projection projection =
          new GroupedGemm.Projection(
              recipe.fp8(),
              recipe.fp8() ? converted.weights : operands.weights,
              recipe.fp8() ? converted.activations : operands.activations,
              operands.outputs,
              recipe.fp8() ? converted.weightScales : null,
              recipe.fp8() ? converted.tokenScales : null,
              operands.rotations,
              site.out(),
              site.k());
      for (int rotation = 0; rotation < operands.rotations; rotation++) {
        int[] tokensOfExpert = new int[operands.rotations];
        tokensOfExpert[rotation] = operands.tokens;
        launches.add(grouped.prepare(projection, tokensOfExpert));
      }
      launches.get(0).start(stream);
      ErrorFigures error = operands.error();
      if (!(error.relativeFrobenius() < WRONG)) {
        return KernelRun.refused(
            site,
            operands.tokens,
            recipe,
            KernelFigures.OWN,
            1,
            "relative error %.3f".formatted(error.relativeFrobenius()));
      }
      Timing alone =
          stopwatch.time(
              operands.rotations, samples, rotation -> launches.get(rotation).start(stream));
      Timing endToEnd =
          converted == null
              ? alone
              : stopwatch.time(
                  operands.rotations,
                  samples,
                  rotation -> {
                    converted.convertActivations();
                    launches.get(rotation).start(stream);
                  });
      return new KernelRun(
          site, operands.tokens, recipe, KernelFigures.OWN, 0, 1, 0, alone, endToEnd, error, null);
    } finally {
      launches.forEach(GroupedGemm.Launch::close);
    }
  }

  private Matmul matmul(Operands operands, Converted converted) {
    GemmSite site = operands.site;
    return converted != null
        ? Matmul.e4m3(
            library,
            operands.tokens,
            site.out(),
            site.k(),
            new Matmul.Scaling(
                ScaleMode.of(converted.recipe.weights()),
                converted.weightScales.address(),
                ScaleMode.of(converted.recipe.activations()),
                converted.tokenScales.address(),
                converted.recipe.fastAccumulation()),
            workspace.address(),
            WORKSPACE_BYTES)
        : Matmul.bf16(
            library, operands.tokens, site.out(), site.k(), workspace.address(), WORKSPACE_BYTES);
  }

  private void start(
      Matmul matmul, int algorithm, Operands operands, Converted converted, int rotation) {
    long weightBytes = (long) operands.site.out() * operands.site.k();
    matmul.start(
        algorithm,
        converted == null
            ? operands.weights.address() + 2 * weightBytes * rotation
            : converted.weights.address() + weightBytes * rotation,
        converted == null ? operands.activations.address() : converted.activations.address(),
        operands.outputs.address(),
        stream.address());
  }

  @Override
  public void close() {
    workspace.close();
    stream.close();
  }

  /** BF16 operands of a product; the weights as many times as it takes to outgrow the cache. */
  private final class Operands implements AutoCloseable {
    private final GemmSite site;
    private final int tokens;
    private final int rotations;
    private final DeviceBuffer weights;
    private final DeviceBuffer activations;
    private final DeviceBuffer outputs;
    private final int[] sampledTokens;
    private final int[] sampledColumns;
    private final float[] exact;

    Operands(GemmSite site, int tokens) {
      this.site = site;
      this.tokens = tokens;
      // Half the size in FP8 must outgrow the cache too.
      long weightBytes = (long) site.out() * site.k();
      rotations =
          (int) Math.max(1, Math.min(MOST_ROTATIONS, 2 * context.l2Bytes() / weightBytes + 1));
      weights = new DeviceBuffer(2 * weightBytes * rotations);
      activations = new DeviceBuffer(2L * tokens * site.k());
      outputs = new DeviceBuffer(2L * tokens * site.out());
      check.fill(stream, weights, site.k(), WEIGHT_SIZE, SPREAD, 1);
      check.fill(stream, activations, site.k(), 1, SPREAD, 2);
      sampledTokens = spread(Math.min(SAMPLED_TOKENS, tokens), tokens);
      sampledColumns = spread(Math.min(SAMPLED_COLUMNS, site.out()), site.out());
      exact =
          check.exactOutputs(
              stream,
              activations.address(),
              weights.address(),
              site.k(),
              sampledTokens,
              sampledColumns);
    }

    private static int[] spread(int count, int size) {
      return IntStream.range(0, count).map(i -> (int) ((long) i * size / count)).toArray();
    }

    /** Of the sampled outputs, as the last product left them. */
    ErrorFigures error() {
      return ErrorFigures.of(
          check.gather(stream, outputs.address(), site.out(), sampledTokens, sampledColumns),
          exact);
    }

    @Override
    public void close() {
      weights.close();
      activations.close();
      outputs.close();
    }
  }

  /** The operands in E4M3. */
  private final class Converted implements AutoCloseable {
    private final DeviceBuffer weights;
    private final DeviceBuffer weightScales;
    private final DeviceBuffer activations;
    private final DeviceBuffer tokenScales;
    private final DeviceBuffer amax = new DeviceBuffer(Integer.BYTES);
    private final Recipe recipe;
    private final Operands operands;

    Converted(Operands operands, Recipe recipe) {
      this.operands = operands;
      this.recipe = recipe;
      GemmSite site = operands.site;
      weights = new DeviceBuffer((long) site.out() * site.k() * operands.rotations);
      // Every rotation's weights are calculated from the first one's scales: only its values count.
      int rows = site.out() * operands.rotations;
      weightScales =
          new DeviceBuffer(4L * QuantizeKernels.scaleCount(recipe.weights(), rows, site.k()));
      activations = new DeviceBuffer((long) operands.tokens * site.k());
      tokenScales =
          new DeviceBuffer(
              4L * QuantizeKernels.scaleCount(recipe.activations(), operands.tokens, site.k()));
      quantize.start(
          stream,
          recipe.weights(),
          new QuantizeKernels.Operand(
              operands.weights, rows, site.k(), weights, weightScales, amax));
      convertActivations();
    }

    void convertActivations() {
      quantize.start(
          stream,
          recipe.activations(),
          new QuantizeKernels.Operand(
              operands.activations,
              operands.tokens,
              operands.site.k(),
              activations,
              tokenScales,
              amax));
    }

    @Override
    public void close() {
      weights.close();
      weightScales.close();
      activations.close();
      tokenScales.close();
      amax.close();
    }
  }
}
