package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;

/** Kernels for checks ({@code check.cu}): the device's conversions, exact outputs, and inputs. */
public final class CheckKernels implements AutoCloseable {
  private static final int ALL_16_BITS = 1 << 16;
  private static final int THREADS = 256;
  private static final int WARPS = THREADS / 32;
  private static final int FILL_BLOCKS = 1024;

  private final CudaModule module;

  /** Compiles and loads the kernels. */
  public CheckKernels(KernelCompiler compiler) {
    module = new CudaModule(compiler.compile("check", KernelCompiler.source("check.cu")));
  }

  /**
   * The hardware's codes for all 16-bit inputs, in the low byte.
   *
   * @param halfE4m3 codes for float16 bits 0 to 65535
   * @param bf16E4m3 codes for BF16 bits, which are converted via float
   */
  public record Conversions(
      short[] halfE4m3, short[] halfE5m2, short[] bf16E4m3, short[] bf16E5m2) {}

  /** Converts every 16-bit value. */
  public Conversions convertAll(CudaStream stream) {
    long bytes = (long) Short.BYTES * ALL_16_BITS;
    try (DeviceBuffer a = new DeviceBuffer(bytes);
        DeviceBuffer b = new DeviceBuffer(bytes);
        DeviceBuffer c = new DeviceBuffer(bytes);
        DeviceBuffer d = new DeviceBuffer(bytes)) {
      module
          .kernel("convertAll")
          .launch(
              stream,
              ALL_16_BITS / THREADS,
              THREADS,
              0,
              a.address(),
              b.address(),
              c.address(),
              d.address());
      return new Conversions(
          a.toShorts(ALL_16_BITS),
          b.toShorts(ALL_16_BITS),
          c.toShorts(ALL_16_BITS),
          d.toShorts(ALL_16_BITS));
    }
  }

  /**
   * Single outputs of a product of BF16 matrices, summed in double.
   *
   * @param activations activations, shape [any, k]
   * @param weights weights, shape [any, k]
   * @param tokens indices of rows of the activations; their number is a multiple of 8
   * @param columns indices of rows of the weights
   * @return outputs, shape [tokens, columns]
   */
  public float[] exactOutputs(
      CudaStream stream, long activations, long weights, int k, int[] tokens, int[] columns) {
    int count = tokens.length * columns.length;
    try (DeviceBuffer rows = DeviceBuffer.of(tokens);
        DeviceBuffer outs = DeviceBuffer.of(columns);
        DeviceBuffer result = new DeviceBuffer((long) Float.BYTES * count)) {
      module
          .kernel("exactOutputs")
          .launch(
              stream,
              count / WARPS,
              THREADS,
              0,
              activations,
              weights,
              k,
              rows.address(),
              outs.address(),
              columns.length,
              result.address());
      return result.toFloats(count);
    }
  }

  /** The values of a BF16 matrix on the device at some rows and columns: [tokens, columns]. */
  public float[] gather(CudaStream stream, long matrix, int width, int[] tokens, int[] columns) {
    int count = tokens.length * columns.length;
    try (DeviceBuffer rows = DeviceBuffer.of(tokens);
        DeviceBuffer outs = DeviceBuffer.of(columns);
        DeviceBuffer result = new DeviceBuffer((long) Float.BYTES * count)) {
      module
          .kernel("gather")
          .launch(
              stream,
              (count + THREADS - 1) / THREADS,
              THREADS,
              0,
              matrix,
              width,
              rows.address(),
              outs.address(),
              columns.length,
              count,
              result.address());
      return result.toFloats(count);
    }
  }

  /**
   * The distribution of Gaussian values of a matrix whose rows and columns differ in magnitude.
   *
   * @param size standard deviation of the values in a row and column of typical magnitude
   * @param spread standard deviation of the logarithm of a row's and of a column's magnitude; 0
   *     makes all equal
   * @param mean mean in standard deviations of the value's row and column
   */
  public record Gaussian(float size, float spread, float mean) {
    /** Values with a mean of zero. */
    public Gaussian(float size, float spread) {
      this(size, spread, 0);
    }
  }

  /**
   * Fills a BF16 matrix.
   *
   * @param columns number of columns of the matrix
   */
  public void fill(CudaStream stream, DeviceBuffer target, int columns, Gaussian values, int seed) {
    module
        .kernel("fillSpread")
        .launch(
            stream,
            FILL_BLOCKS,
            THREADS,
            0,
            target.address(),
            target.bytes() / Short.BYTES,
            columns,
            values.size(),
            values.spread(),
            values.mean(),
            seed);
  }

  @Override
  public void close() {
    module.close();
  }
}
