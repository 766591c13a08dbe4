package io.sextant.gpu.attention;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.AttentionKernels;
import io.sextant.gpu.kernel.CheckKernels;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.measure.Stopwatch;
import io.sextant.numerics.attention.AttentionRate;
import io.sextant.numerics.attention.AttentionShape;
import io.sextant.numerics.dispatch.Timing;

/** Times 2-simplicial attention, and dot-product attention that costs the same. */
public final class AttentionBench implements AutoCloseable {
  private static final int SAMPLES = 5;

  private final Kernels kernels;
  private final CudaStream stream = new CudaStream();
  private final Stopwatch stopwatch = new Stopwatch(stream);

  /** Creates a benchmark; the caller closes the kernels. */
  public AttentionBench(Kernels kernels) {
    this.kernels = kernels;
  }

  /** Times 2-simplicial attention. */
  public AttentionRate simplicial(AttentionShape shape, int w1, int w2) {
    try (Buffers buffers = new Buffers(shape)) {
      Timing timing =
          stopwatch.time(
              1,
              SAMPLES,
              rotation -> kernels.attention().simplicial(stream, shape, buffers.operands, w1, w2));
      return AttentionRate.simplicial(timing, shape, w1, w2);
    }
  }

  /** Times causal dot-product attention over the whole sequence. */
  public AttentionRate dotProduct(AttentionShape shape) {
    try (Buffers buffers = new Buffers(shape)) {
      Timing timing =
          stopwatch.time(
              1,
              SAMPLES,
              rotation -> kernels.attention().dotProduct(stream, shape, buffers.operands));
      return AttentionRate.dotProduct(timing, shape);
    }
  }

  @Override
  public void close() {
    stream.close();
  }

  /** Creates Gaussian operands. */
  private final class Buffers implements AutoCloseable {
    private final AttentionKernels.Operands operands;
    private final DeviceResources resources = new DeviceResources();

    Buffers(AttentionShape shape) {
      try {
        operands =
            new AttentionKernels.Operands(
                filled(shape.queries(), 1),
                filled(shape.keys(), 2),
                filled(shape.keys(), 3),
                filled(shape.keys(), 4),
                filled(shape.keys(), 5),
                resources.buffer(Short.BYTES * shape.queries()));
      } catch (RuntimeException | Error e) {
        resources.closeAfter(e);
        throw e;
      }
    }

    private DeviceBuffer filled(long count, int seed) {
      DeviceBuffer buffer = resources.buffer(Short.BYTES * count);
      kernels
          .check()
          .fill(stream, buffer, AttentionShape.WIDTH, new CheckKernels.Gaussian(1, 0), seed);
      return buffer;
    }

    @Override
    public void close() {
      resources.close();
    }
  }
}
