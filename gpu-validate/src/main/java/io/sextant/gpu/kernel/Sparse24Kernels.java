package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.numerics.format.CompressedOperand;
import io.sextant.numerics.gemm.GemmInput;

/**
 * Kernels that convert BF16 activations to compressed 2:4 sparse operands in one launch ({@code
 * sparse24.cu}), with the same bits as {@code CompressedOperand}.
 */
public final class Sparse24Kernels implements AutoCloseable {
  private static final int VECTOR = 8;
  private static final int WARP = 32;
  private static final int MOST_THREADS = 512;
  private static final int BLOCKS_PER_MULTIPROCESSOR = 4;

  private final CudaModule module;
  private final int multiprocessors;
  private final QuantizeKernels quantize;

  /**
   * Compiles and loads the kernels.
   *
   * @param quantize conversion kernels for the same input; the caller closes them
   */
  Sparse24Kernels(
      CudaContext context, KernelCompiler compiler, GemmInput input, QuantizeKernels quantize) {
    module =
        new CudaModule(
            compiler.compile(
                "sparse24",
                KernelCompiler.conversionSource(input) + KernelCompiler.source("sparse24.cu")));
    multiprocessors = context.multiprocessors();
    this.quantize = quantize;
  }

  /**
   * Number of bytes of a compressed operand: half of the values, and half a byte per group of four.
   */
  public static long compressedBytes(long rows, long columns, int valueBytes) {
    return rows * columns / 2 * valueBytes + CompressedOperand.placesBytes(rows, columns);
  }

  /**
   * A BF16 matrix on the device and the buffer for its compressed form.
   *
   * @param values values, shape [rows, columns], not negative after the kernels' preceding function
   * @param rows number of rows, a multiple of 64
   * @param columns number of columns, a multiple of 64
   * @param compressed buffer of {@link #compressedBytes}
   */
  public record Operand(DeviceBuffer values, int rows, int columns, DeviceBuffer compressed) {}

  /** Starts the packing of a matrix in BF16. */
  public void packBf16(CudaStream stream, Operand operand) {
    module
        .kernel("packBf16")
        .launch(
            stream,
            operand.rows() / 2,
            threads(operand.columns()),
            0,
            operand.values().address(),
            operand.columns() / VECTOR,
            operand.compressed().address(),
            operand.compressed().address() + (long) operand.rows() * operand.columns());
  }

  /**
   * Starts the pass that finds the maximum magnitude, from which a scale is calculated.
   *
   * @param amax buffer of four bytes for the bits of a float
   */
  public void calibrate(CudaStream stream, DeviceBuffer values, DeviceBuffer amax) {
    quantize.startAmax(stream, values, values.bytes() / Short.BYTES, amax);
  }

  /**
   * As {@link #packBf16}, to E4M3 with one scale from a maximum magnitude that is known beforehand;
   * larger values become the largest code.
   *
   * @param amax maximum magnitude, as written by {@link #calibrate}
   * @param scale buffer for one float: a value is its code times this scale
   */
  public void packE4m3(CudaStream stream, Operand operand, DeviceBuffer amax, DeviceBuffer scale) {
    module
        .kernel("packE4m3")
        .launch(
            stream,
            operand.rows() / 2,
            threads(operand.columns()),
            0,
            operand.values().address(),
            operand.columns() / VECTOR,
            operand.compressed().address(),
            operand.compressed().address() + (long) operand.rows() * operand.columns() / 2,
            amax.address(),
            scale.address());
  }

  /** Starts only the squared ReLU, from BF16 to BF16. */
  public void squaredRelu(CudaStream stream, DeviceBuffer values, DeviceBuffer activations) {
    module
        .kernel("squaredReluBf16")
        .launch(
            stream,
            multiprocessors * BLOCKS_PER_MULTIPROCESSOR,
            MOST_THREADS,
            0,
            values.address(),
            values.bytes() / (VECTOR * Short.BYTES),
            activations.address());
  }

  private static int threads(int columns) {
    int vectors = columns / VECTOR;
    return Math.min(MOST_THREADS, (vectors + WARP - 1) / WARP * WARP);
  }

  @Override
  public void close() {
    module.close();
  }
}
