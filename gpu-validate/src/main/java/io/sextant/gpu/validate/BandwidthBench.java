package io.sextant.gpu.validate;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.CheckKernels;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.gpu.measure.Stopwatch;
import io.sextant.numerics.dispatch.Timing;
import io.sextant.numerics.format.Granularity;
import java.util.ArrayList;
import java.util.List;

/** Measures the rate of converting BF16 to E4M3, compared with a plain copy of the same bytes. */
public final class BandwidthBench {
  private static final int SAMPLES = 21;
  private static final int ROTATIONS = 3;
  private static final long COPY_BYTES = 256L << 20;

  private final Kernels kernels;
  private final CudaStream stream;

  /** Creates a benchmark that runs on this stream. */
  public BandwidthBench(Kernels kernels, CudaStream stream) {
    this.kernels = kernels;
    this.stream = stream;
  }

  /**
   * One measured rate.
   *
   * @param what {@code copy}, or the granularity of the conversion
   * @param bytes bytes read and written; the tensor-wide conversion reads its input twice
   */
  public record Figure(String what, int rows, int columns, long bytes, Timing timing) {
    /** Terabytes per second. */
    public double terabytesPerSecond() {
      return bytes / timing.median() * 1e-6;
    }
  }

  /** Bytes per microsecond that a device-to-device copy of 256 MiB reads and writes. */
  public double copyBytesPerMicro() {
    try (DeviceBuffer from = new DeviceBuffer(COPY_BYTES);
        DeviceBuffer to = new DeviceBuffer(COPY_BYTES)) {
      Timing timing = new Stopwatch(stream).time(1, SAMPLES, i -> from.copyTo(to, stream));
      return 2.0 * COPY_BYTES / timing.median();
    }
  }

  /** Measures a matrix of this shape. */
  public List<Figure> run(int rows, int columns) {
    List<Figure> figures = new ArrayList<>();
    Stopwatch stopwatch = new Stopwatch(stream);
    long values = (long) rows * columns;
    List<QuantizeKernels.Operand> operands = new ArrayList<>();
    List<DeviceBuffer> copies = new ArrayList<>();
    try (DeviceResources resources = new DeviceResources()) {
      for (int i = 0; i < ROTATIONS; i++) {
        QuantizeKernels.Operand operand =
            new QuantizeKernels.Operand(
                resources.buffer(2 * values),
                rows,
                columns,
                resources.buffer(values),
                resources.buffer(4L * Math.max(rows, 1) * (columns / Granularity.SIDE + 1)),
                resources.buffer(4));
        operands.add(operand);
        copies.add(resources.buffer(2 * values));
        kernels.check().fill(stream, operand.values(), columns, new CheckKernels.Gaussian(1, 1), i);
      }
      figures.add(
          new Figure(
              "copy",
              rows,
              columns,
              4 * values,
              stopwatch.time(
                  ROTATIONS,
                  SAMPLES,
                  i -> operands.get(i).values().copyTo(copies.get(i), stream))));
      for (Granularity granularity :
          List.of(Granularity.TENSOR, Granularity.ROW, Granularity.GROUP_128)) {
        long bytes =
            (granularity == Granularity.TENSOR ? 5 : 3) * values
                + 4L * QuantizeKernels.scaleCount(granularity, rows, columns);
        figures.add(
            new Figure(
                granularity.name().toLowerCase(java.util.Locale.ROOT),
                rows,
                columns,
                bytes,
                stopwatch.time(
                    ROTATIONS,
                    SAMPLES,
                    i -> kernels.quantize().start(stream, granularity, operands.get(i)))));
      }
      return figures;
    }
  }
}
