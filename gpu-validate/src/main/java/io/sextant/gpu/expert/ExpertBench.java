package io.sextant.gpu.expert;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.CheckKernels;
import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.measure.Stopwatch;
import io.sextant.gpu.packaged.LoadedPackage;
import io.sextant.numerics.dispatch.Timing;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures one projection of all experts of a GPU with the grouped launch, and compares it with one
 * cuBLASLt product per expert and with the limits of memory and arithmetic.
 */
public final class ExpertBench implements AutoCloseable {
  private static final int ROUNDS = 3;
  private static final int SAMPLES = 9;
  private static final int SAMPLED_TOKENS = 64;
  private static final int SAMPLED_COLUMNS = 128;
  private static final CheckKernels.Gaussian WEIGHTS = new CheckKernels.Gaussian(0.02f, 0.5f);
  private static final CheckKernels.Gaussian ACTIVATIONS = new CheckKernels.Gaussian(1, 0.5f);
  private static final long WORKSPACE_BYTES = 64L << 20;

  private final CublasLt library;
  private final GroupedGemm grouped;
  private final QuantizeKernels quantize;
  private final CheckKernels check;
  private final CudaStream stream;
  private final Stopwatch stopwatch;
  private final DeviceBuffer workspace;
  private final DeviceResources resources = new DeviceResources();

  /** Creates a benchmark; the caller closes the arguments. */
  public ExpertBench(
      CublasLt library, GroupedGemm grouped, QuantizeKernels quantize, CheckKernels check) {
    this.library = library;
    this.grouped = grouped;
    this.quantize = quantize;
    this.check = check;
    try {
      stream = resources.hold(new CudaStream());
      stopwatch = new Stopwatch(stream);
      workspace = resources.buffer(WORKSPACE_BYTES);
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /**
   * The fastest variant of a package.
   *
   * @param library the package's name and version
   * @param variant the variant's name
   * @param error error of sampled outputs, as in {@link Result}
   */
  public record Packaged(String library, String variant, Timing timing, ErrorFigures error) {}

  /**
   * The measured figures.
   *
   * @param grouped time of all experts in one launch
   * @param singles time of one cuBLASLt product per expert, one after the other in one graph
   * @param error error of sampled outputs of the grouped launch, relative to sums in double of BF16
   *     operands
   * @param errorOfSingles the same of the single products
   * @param bytes bytes of the weights of experts that have tokens, of the activations and of the
   *     outputs, each counted once
   * @param flops number of operations, 2 x tokens x out x k
   * @param packages the packages of the same recipe
   */
  public record Result(
      Timing grouped,
      Timing singles,
      ErrorFigures error,
      ErrorFigures errorOfSingles,
      long bytes,
      double flops,
      List<Packaged> packages) {}

  /**
   * Measures one projection.
   *
   * @param packages packages of grouped products; those of another recipe are left out
   */
  public Result run(
      boolean e4m3, int[] tokensOfExpert, int out, int k, List<LoadedPackage> packages) {
    int experts = tokensOfExpert.length;
    int tokens = Arrays.stream(tokensOfExpert).sum();
    long expertValues = (long) out * k;
    int valueBytes = e4m3 ? 1 : 2;
    try (DeviceBuffer weights = new DeviceBuffer(2 * expertValues * experts);
        DeviceBuffer activations = new DeviceBuffer(2L * tokens * k);
        DeviceBuffer outputs = new DeviceBuffer(2L * tokens * out);
        DeviceBuffer weightCodes = new DeviceBuffer(expertValues * experts);
        DeviceBuffer weightScales = new DeviceBuffer(4L * experts * out);
        DeviceBuffer tokenCodes = new DeviceBuffer((long) tokens * k);
        DeviceBuffer tokenScales = new DeviceBuffer(4L * tokens)) {
      check.fill(stream, weights, k, WEIGHTS, 1);
      check.fill(stream, activations, k, ACTIVATIONS, 2);
      convert(weights, experts * out, k, weightCodes, weightScales);
      convert(activations, tokens, k, tokenCodes, tokenScales);
      GroupedGemm.Projection projection =
          new GroupedGemm.Projection(
              e4m3,
              e4m3 ? weightCodes : weights,
              e4m3 ? tokenCodes : activations,
              outputs,
              weightScales,
              tokenScales,
              experts,
              out,
              k);
      ErrorFigures error;
      ErrorFigures errorOfSingles;
      List<Timing> grouping = new ArrayList<>();
      List<Timing> single = new ArrayList<>();
      GroupedPackages packaged = new GroupedPackages(stream, stopwatch, SAMPLES);
      String recipe = (e4m3 ? Recipe.E4M3_ROW : Recipe.BF16).id();
      try (GroupedGemm.Launch launch = grouped.prepare(projection, tokensOfExpert);
          SingleProducts singles =
              new SingleProducts(library, stream, workspace, projection, tokensOfExpert)) {
        launch.start(stream);
        error = error(projection, weights, activations, tokensOfExpert);
        outputs.clear(stream);
        singles.start();
        errorOfSingles = error(projection, weights, activations, tokensOfExpert);
        // In turns, because the clock of a GPU falls as it gets warm.
        for (int round = 0; round < ROUNDS; round++) {
          grouping.add(stopwatch.time(1, SAMPLES, rotation -> launch.start(stream)));
          single.add(stopwatch.time(1, SAMPLES, rotation -> singles.start()));
          for (LoadedPackage each : packages) {
            if (each.found().grouped() && each.found().recipe().equals(recipe)) {
              packaged.run(
                  each,
                  projection,
                  tokensOfExpert,
                  () -> error(projection, weights, activations, tokensOfExpert));
            }
          }
        }
      }
      long used = Arrays.stream(tokensOfExpert).filter(count -> count > 0).count();
      long bytes =
          used * expertValues * valueBytes + (long) tokens * k * valueBytes + 2L * tokens * out;
      return new Result(
          joined(grouping),
          joined(single),
          error,
          errorOfSingles,
          bytes,
          2.0 * tokens * out * k,
          packaged.fastest());
    }
  }

  static Timing joined(List<Timing> rounds) {
    return Timing.of(
        rounds.stream()
            .flatMap(round -> round.values().stream())
            .mapToDouble(Double::doubleValue)
            .toArray());
  }

  private void convert(
      DeviceBuffer values, int rows, int k, DeviceBuffer codes, DeviceBuffer scales) {
    quantize.start(
        stream, Granularity.ROW, new QuantizeKernels.Operand(values, rows, k, codes, scales, null));
  }

  /** Samples outputs of every expert that has tokens. */
  private ErrorFigures error(
      GroupedGemm.Projection projection,
      DeviceBuffer weights,
      DeviceBuffer activations,
      int[] tokensOfExpert) {
    float[] found = new float[0];
    float[] exact = new float[0];
    int first = 0;
    int[] columns =
        IntStream.range(0, SAMPLED_COLUMNS)
            .map(i -> (int) ((long) i * projection.out() / SAMPLED_COLUMNS))
            .toArray();
    for (int expert = 0; expert < tokensOfExpert.length; expert++) {
      int count = tokensOfExpert[expert];
      int start = first;
      if (count > 0) {
        int[] tokens =
            IntStream.range(0, SAMPLED_TOKENS)
                .map(i -> start + (int) ((long) i * count / SAMPLED_TOKENS))
                .toArray();
        found =
            joined(
                found,
                check.gather(
                    stream, projection.outputs().address(), projection.out(), tokens, columns));
        exact =
            joined(
                exact,
                check.exactOutputs(
                    stream,
                    activations.address(),
                    weights.address() + 2L * expert * projection.out() * projection.k(),
                    projection.k(),
                    tokens,
                    columns));
      }
      first += count;
    }
    return ErrorFigures.of(found, exact);
  }

  private static float[] joined(float[] a, float[] b) {
    float[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  @Override
  public void close() {
    resources.close();
  }
}
