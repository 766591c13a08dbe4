package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.cuda.CudaKernel;
import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.gemm.GemmInput;

/**
 * Kernels that convert BF16 to E4M3 ({@code quantize.cu}), with the same bits as {@code
 * ScaledMatrix}.
 */
public final class QuantizeKernels implements AutoCloseable {
  private static final int VECTOR = 8;
  private static final int WARP = 32;
  private static final int GROUP_THREADS = 256;
  private static final int GROUPS_OF_BLOCK = 4;
  private static final int ROWS_OF_BLOCK = 16;
  private static final int TENSOR_THREADS = 512;
  private static final int MOST_THREADS = 1024;
  private static final int BLOCKS_PER_MULTIPROCESSOR = 8;

  private final CudaModule module;
  private final int multiprocessors;

  /** Compiles and loads the kernels for this input. */
  QuantizeKernels(CudaContext context, KernelCompiler compiler, GemmInput input) {
    module =
        new CudaModule(
            compiler.compile(
                "quantize",
                KernelCompiler.conversionSource(input) + KernelCompiler.source("quantize.cu")));
    multiprocessors = context.multiprocessors();
  }

  /**
   * A BF16 matrix on the device, and the buffers for its E4M3 form.
   *
   * @param columns number of columns, a multiple of 8; of 128 for groups and squares
   * @param scales buffer for {@link #scaleCount} scales
   * @param amax four bytes of working space; only {@link Granularity#TENSOR} uses it
   */
  public record Operand(
      DeviceBuffer values,
      int rows,
      int columns,
      DeviceBuffer codes,
      DeviceBuffer scales,
      DeviceBuffer amax) {}

  /** Number of scales of a matrix, including the padding that cuBLASLt requires. */
  public static int scaleCount(Granularity granularity, int rows, int columns) {
    return switch (granularity) {
      case TENSOR -> 1;
      case ROW -> rows;
      case GROUP_128 -> rows * (columns / Granularity.SIDE);
      case SQUARE_128 -> (rows + Granularity.SIDE - 1) / Granularity.SIDE * paddedSquares(columns);
    };
  }

  /** Starts the conversion on a stream. */
  public void start(CudaStream stream, Granularity granularity, Operand operand) {
    switch (granularity) {
      case TENSOR -> startTensor(stream, operand);
      case ROW -> startRows(stream, operand);
      case GROUP_128 -> startGroups(stream, operand);
      case SQUARE_128 -> startSquares(stream, operand);
    }
  }

  /**
   * Starts the pass that finds the maximum magnitude and writes it to {@code amax} as the bits of a
   * float.
   */
  void startAmax(CudaStream stream, DeviceBuffer values, long count, DeviceBuffer amax) {
    long vectors = count / VECTOR;
    amax.clear(stream);
    module
        .kernel("amaxTensor")
        .launch(
            stream,
            blocks(vectors, TENSOR_THREADS),
            TENSOR_THREADS,
            0,
            values.address(),
            vectors,
            amax.address());
  }

  private void startTensor(CudaStream stream, Operand operand) {
    long vectors = vectors(operand);
    int blocks = blocks(vectors, TENSOR_THREADS);
    startAmax(stream, operand.values(), VECTOR * vectors, operand.amax());
    module
        .kernel("castTensor")
        .launch(
            stream,
            blocks,
            TENSOR_THREADS,
            0,
            operand.values().address(),
            vectors,
            operand.amax().address(),
            operand.codes().address(),
            operand.scales().address());
  }

  private void startRows(CudaStream stream, Operand operand) {
    int vectors = operand.columns() / VECTOR;
    int perThread = vectors <= WARP ? 1 : vectors <= 4 * MOST_THREADS ? 4 : 8;
    int threads = roundUp((vectors + perThread - 1) / perThread, WARP);
    if (threads > MOST_THREADS) {
      throw new IllegalArgumentException("rows of %d values".formatted(operand.columns()));
    }
    CudaKernel kernel = module.kernel("castRows" + perThread);
    kernel.launch(
        stream,
        operand.rows(),
        threads,
        0,
        operand.values().address(),
        vectors,
        operand.codes().address(),
        operand.scales().address());
  }

  private void startGroups(CudaStream stream, Operand operand) {
    int groups = operand.columns() / Granularity.SIDE;
    int across = (groups + GROUPS_OF_BLOCK - 1) / GROUPS_OF_BLOCK;
    int down = (operand.rows() + ROWS_OF_BLOCK - 1) / ROWS_OF_BLOCK;
    module
        .kernel("castGroups")
        .launch(
            stream,
            down * across,
            GROUP_THREADS,
            0,
            operand.values().address(),
            operand.columns() / VECTOR,
            operand.rows(),
            operand.codes().address(),
            operand.scales().address());
  }

  private void startSquares(CudaStream stream, Operand operand) {
    int down = (operand.rows() + Granularity.SIDE - 1) / Granularity.SIDE;
    module
        .kernel("castSquares")
        .launch(
            stream,
            down * (operand.columns() / Granularity.SIDE),
            GROUP_THREADS,
            0,
            operand.values().address(),
            operand.rows(),
            operand.columns() / VECTOR,
            paddedSquares(operand.columns()),
            operand.codes().address(),
            operand.scales().address());
  }

  private int blocks(long vectors, int threads) {
    long wanted = (vectors + threads - 1) / threads;
    long resident = (long) multiprocessors * BLOCKS_PER_MULTIPROCESSOR * GROUP_THREADS / threads;
    return (int) Math.max(1, Math.min(wanted, resident));
  }

  private static long vectors(Operand operand) {
    return (long) operand.rows() * operand.columns() / VECTOR;
  }

  private static int paddedSquares(int columns) {
    return roundUp(columns / Granularity.SIDE, 4);
  }

  private static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }

  @Override
  public void close() {
    module.close();
  }
}
