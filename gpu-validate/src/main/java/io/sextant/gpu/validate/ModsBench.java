package io.sextant.gpu.validate;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.CheckKernels;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.ModsKernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.gpu.measure.Stopwatch;
import io.sextant.numerics.dispatch.Timing;
import io.sextant.numerics.format.Bf16;
import io.sextant.numerics.format.Fp8Format;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.gemm.ErrorFigures;

/**
 * Measures the functions between two FP8 products, in one kernel and in three: the norm, the
 * activation, and the conversion with one scale per row.
 */
public final class ModsBench {
  private static final int SAMPLES = 21;
  private static final int CHECKED_ROWS = 64;
  private static final int ROTATIONS = 4;

  private final Kernels kernels;
  private final CudaStream stream;

  /** Creates a benchmark that runs on this stream. */
  public ModsBench(Kernels kernels, CudaStream stream) {
    this.kernels = kernels;
    this.stream = stream;
  }

  /**
   * The measured figures.
   *
   * @param fusedError relative Frobenius error of the fused kernel on the first rows, relative to
   *     sums in double
   * @param stepsError the same error of the three kernels
   */
  public record Result(Timing fused, Timing steps, double fusedError, double stepsError) {}

  /** Measures a matrix of this shape. */
  public Result run(ModsKernels.Between between, int rows, int columns) {
    ModsKernels.Operand[] operands = new ModsKernels.Operand[ROTATIONS];
    try (DeviceResources resources = new DeviceResources()) {
      for (int i = 0; i < ROTATIONS; i++) {
        operands[i] = operand(resources, rows, columns, i);
      }
      ModsKernels.Operand first = operands[0];
      double[] exact = exact(between, first);
      steps(between, first);
      double stepsError = error(first, exact);
      kernels.mods().startFused(stream, between, first);
      double fusedError = error(first, exact);
      Stopwatch stopwatch = new Stopwatch(stream);
      return new Result(
          stopwatch.time(
              ROTATIONS, SAMPLES, i -> kernels.mods().startFused(stream, between, operands[i])),
          stopwatch.time(ROTATIONS, SAMPLES, i -> steps(between, operands[i])),
          fusedError,
          stepsError);
    }
  }

  private ModsKernels.Operand operand(DeviceResources resources, int rows, int columns, int seed) {
    long values = (long) rows * columns;
    ModsKernels.Operand operand =
        new ModsKernels.Operand(
            resources.buffer(2 * values),
            rows,
            columns,
            resources.buffer(2 * values),
            resources.buffer(2 * values),
            resources.buffer(values),
            resources.buffer((long) Float.BYTES * rows));
    kernels
        .check()
        .fill(stream, operand.values(), columns, new CheckKernels.Gaussian(1, 0.5f), seed);
    return operand;
  }

  private void steps(ModsKernels.Between between, ModsKernels.Operand operand) {
    kernels.mods().startSteps(stream, between, operand);
    kernels
        .quantize()
        .start(
            stream,
            Granularity.ROW,
            new QuantizeKernels.Operand(
                operand.activated(),
                operand.rows(),
                operand.columns(),
                operand.codes(),
                operand.scales(),
                operand.scales()));
  }

  private static double error(ModsKernels.Operand operand, double[] exact) {
    byte[] codes = operand.codes().toBytes(exact.length);
    float[] scales = operand.scales().toFloats(CHECKED_ROWS);
    float[] values = new float[exact.length];
    float[] expected = new float[exact.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Fp8Format.E4M3.decode(codes[i] & 0xFF) * scales[i / operand.columns()];
      expected[i] = (float) exact[i];
    }
    return ErrorFigures.of(values, expected).relativeFrobenius();
  }

  private static double[] exact(ModsKernels.Between between, ModsKernels.Operand operand) {
    int columns = operand.columns();
    short[] bits = operand.values().toShorts(CHECKED_ROWS * columns);
    double[] values = new double[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Bf16.decode(bits[i]);
    }
    boolean blocks = between == ModsKernels.Between.BLOCK_NORM_HARD_SWISH;
    int width = blocks ? 256 : columns;
    for (int from = 0; from < values.length; from += width) {
      normalise(values, from, width, !blocks);
    }
    for (int i = 0; i < values.length; i++) {
      double x = values[i];
      values[i] = blocks ? x * Math.min(6, Math.max(0, x + 3)) / 6 : x / (1 + Math.exp(-x));
    }
    return values;
  }

  private static void normalise(double[] values, int from, int width, boolean centred) {
    double mean = 0;
    for (int i = from; centred && i < from + width; i++) {
      mean += values[i] / width;
    }
    double square = 0;
    for (int i = from; i < from + width; i++) {
      values[i] -= mean;
      square += values[i] * values[i] / width;
    }
    double inverse = 1 / Math.sqrt(square + 1e-6);
    for (int i = from; i < from + width; i++) {
      values[i] *= inverse;
    }
  }
}
