package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;

/**
 * Kernels that move rows between the GPUs of an expert-parallel layer ({@code expert_parallel.cu}).
 */
public final class LayerKernels implements AutoCloseable {
  private static final int THREADS = 256;
  private static final int WARPS = THREADS / 32;
  private static final int VECTOR_BYTES = 16;
  private static final int BLOCKS_OF_MULTIPROCESSOR = 4;

  private final CudaModule module;
  private final int mostBlocks;

  /** Compiles and loads the kernels. */
  public LayerKernels(KernelCompiler compiler, int multiprocessors) {
    module =
        new CudaModule(
            compiler.compile("expert_parallel", KernelCompiler.source("expert_parallel.cu")));
    mostBlocks = BLOCKS_OF_MULTIPROCESSOR * multiprocessors;
  }

  /**
   * The clock of a GPU's phases and the rate of the slow link.
   *
   * @param stamps times in nanoseconds, as 64-bit integers
   * @param startStamp index of the stamp at which the phase starts
   * @param nanosPerRow time that the slow link takes for a row; 0 for no limit
   */
  public record Pace(DeviceBuffer stamps, int startStamp, float nanosPerRow) {}

  /**
   * Rows to read and where to write them.
   *
   * @param from address of each row
   * @param fromScale address of each row's scale; null if rows have none
   * @param to target rows of all rows
   * @param starts index in {@code to} of each row's first target, followed by their number
   * @param limited number of rows at the start that come over the slow link
   */
  public record Rows(
      DeviceBuffer from,
      DeviceBuffer fromScale,
      DeviceBuffer to,
      DeviceBuffer starts,
      int rows,
      int limited) {}

  /**
   * The terms of weighted sums.
   *
   * @param from address of each term's row in BF16
   * @param starts index of each sum's first term, followed by their number
   * @param limitedUntil number of terms up to each sum's last that come over the slow link
   * @param firstTarget row of the first sum
   */
  public record Sums(
      DeviceBuffer from,
      DeviceBuffer weights,
      DeviceBuffer starts,
      DeviceBuffer limitedUntil,
      int sums,
      int firstTarget) {}

  /** Starts a pause in which the host can start further work. */
  public void hold(CudaStream stream, long nanos) {
    module.kernel("hold").launch(stream, 1, 1, 0, nanos);
  }

  /**
   * Starts a barrier of all GPUs.
   *
   * @param flags addresses of all GPUs' flags, each with one 32-bit integer per GPU and one more
   * @param stamp index of the stamp that receives the time
   */
  public void barrier(
      CudaStream stream, DeviceBuffer flags, int gpu, DeviceBuffer stamps, int stamp) {
    int gpus = (int) (flags.bytes() / Long.BYTES);
    module
        .kernel("barrier")
        .launch(
            stream, 1, Math.max(32, gpus), 0, flags.address(), gpu, gpus, stamps.address(), stamp);
  }

  /** Starts writing the time to a stamp. */
  public void stamp(CudaStream stream, DeviceBuffer stamps, int stamp) {
    module.kernel("stamp").launch(stream, 1, 1, 0, stamps.address(), stamp);
  }

  /**
   * Starts reading rows.
   *
   * @param targetScales receives the scales; null if rows have none
   * @param rowBytes bytes per row, a multiple of 16
   */
  public void pull(
      CudaStream stream,
      Rows rows,
      DeviceBuffer targets,
      DeviceBuffer targetScales,
      int rowBytes,
      Pace pace) {
    if (rows.rows() == 0) {
      return;
    }
    int blocks = Math.min(mostBlocks, 2 * ((rows.rows() + WARPS - 1) / WARPS));
    module
        .kernel("pullRows")
        .launch(
            stream,
            blocks,
            THREADS,
            0,
            rows.from().address(),
            rows.fromScale() == null ? 0L : rows.fromScale().address(),
            rows.to().address(),
            rows.starts().address(),
            rows.rows(),
            rows.limited(),
            targets.address(),
            targetScales == null ? 0L : targetScales.address(),
            rowBytes / VECTOR_BYTES,
            pace.nanosPerRow(),
            pace.stamps().address(),
            pace.startStamp());
  }

  /**
   * Starts weighted sums.
   *
   * @param rowBytes bytes per row of BF16 values, a multiple of 16
   */
  public void reduce(CudaStream stream, Sums sums, DeviceBuffer targets, int rowBytes, Pace pace) {
    if (sums.sums() == 0) {
      return;
    }
    module
        .kernel("reduceRows")
        .launch(
            stream,
            Math.min(mostBlocks, sums.sums()),
            THREADS,
            0,
            sums.from().address(),
            sums.weights().address(),
            sums.starts().address(),
            sums.limitedUntil().address(),
            sums.sums(),
            targets.address(),
            sums.firstTarget(),
            rowBytes / VECTOR_BYTES,
            pace.nanosPerRow(),
            pace.stamps().address(),
            pace.startStamp());
  }

  @Override
  public void close() {
    module.close();
  }
}
