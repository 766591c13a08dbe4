package io.sextant.gpu.layer;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.kernel.LayerKernels;

/** The layer of one micro-batch on one GPU, ready to start several times. */
final class LayerLaunch implements AutoCloseable {
  private final LayerGpu gpu;
  private final Barriers barriers;
  private final GpuLists lists;
  private final LayerShape shape;
  private final double linkGigabytesPerSecond;
  private final CudaStream.Graph graph;
  private Marks marks;

  /**
   * What a GPU needs for barriers.
   *
   * @param number number of the GPU
   * @param flags addresses of all GPUs' flags
   */
  record Barriers(int number, DeviceBuffer flags) {}

  /** Indices of the stamps at the ends of the phases. */
  record Marks(int dispatched, int computed, int finished, int end) {}

  /**
   * Prepares a launch, which takes over the lists.
   *
   * @param linkGigabytesPerSecond rate at which a GPU receives from other nodes; 0 for no limit
   * @param graphs whether all kernels are started as one CUDA graph; otherwise one by one, behind a
   *     kernel that keeps the GPU busy meanwhile
   */
  LayerLaunch(
      LayerGpu gpu,
      Barriers barriers,
      GpuLists lists,
      LayerShape shape,
      double linkGigabytesPerSecond,
      boolean graphs) {
    this.gpu = gpu;
    this.barriers = barriers;
    this.lists = lists;
    this.shape = shape;
    this.linkGigabytesPerSecond = linkGigabytesPerSecond;
    gpu.makeCurrent();
    try {
      graph = graphs ? gpu.stream().capture(this::enqueue) : null;
    } catch (RuntimeException | Error e) {
      lists.close();
      throw e;
    }
  }

  /**
   * Starts the layer. A graph starts at once, so its first barrier is enough to align the GPUs.
   *
   * @param holdNanos time in which the host can start all kernels, if they are started one by one
   */
  void start(long holdNanos) {
    gpu.makeCurrent();
    if (graph == null) {
      gpu.moves().hold(gpu.stream(), holdNanos);
      enqueue();
    } else {
      graph.launch();
    }
  }

  /** Which stamps a start writes. */
  Marks marks() {
    return marks;
  }

  private void enqueue() {
    LayerKernels moves = gpu.moves();
    int stamp = 0;
    barrier(stamp);
    for (int step = 0; step < lists.dispatch().size(); step++) {
      if (step > 0) {
        barrier(++stamp);
      }
      moves.pull(
          gpu.stream(),
          lists.dispatch().get(step),
          gpu.experts().rows(),
          shape.e4m3() ? gpu.experts().rowScales() : null,
          shape.dispatchBytes(),
          pace(stamp, shape.dispatchBytes()));
    }
    int dispatched = ++stamp;
    moves.stamp(gpu.stream(), gpu.stamps(), dispatched);
    lists.work().start(gpu.stream());
    int computed = ++stamp;
    moves.stamp(gpu.stream(), gpu.stamps(), computed);
    barrier(++stamp);
    int finished = stamp;
    for (int step = 0; step < lists.combine().size(); step++) {
      if (step > 0) {
        barrier(++stamp);
      }
      moves.reduce(
          gpu.stream(),
          lists.combine().get(step),
          lists.finalOutputs(step) ? gpu.results() : gpu.experts().outputs(),
          shape.combineBytes(),
          pace(stamp, shape.combineBytes()));
    }
    barrier(++stamp);
    marks = new Marks(dispatched, computed, finished, stamp);
  }

  private void barrier(int stamp) {
    gpu.moves().barrier(gpu.stream(), barriers.flags(), barriers.number(), gpu.stamps(), stamp);
  }

  private LayerKernels.Pace pace(int stamp, int rowBytes) {
    return new LayerKernels.Pace(
        gpu.stamps(),
        stamp,
        linkGigabytesPerSecond == 0 ? 0 : (float) (rowBytes / linkGigabytesPerSecond));
  }

  @Override
  public void close() {
    gpu.makeCurrent();
    if (graph != null) {
      graph.close();
    }
    lists.close();
  }
}
