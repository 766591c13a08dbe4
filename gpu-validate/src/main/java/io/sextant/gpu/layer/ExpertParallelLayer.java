package io.sextant.gpu.layer;

import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.LayerKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * An expert-parallel MoE layer on the GPUs of a host: one process, one stream per GPU. Which rows
 * move is worked out beforehand, as if the routing had been exchanged; its exchange is not timed.
 */
public final class ExpertParallelLayer implements AutoCloseable {
  private static final long FIRST_HOLD_NANOS = 500_000;
  private static final long MOST_HOLD_NANOS = 50_000_000;

  /** Share of the pause in which the host must have started all kernels. */
  private static final double HOLD_MARGIN = 0.7;

  private final List<LayerGpu> gpus = new ArrayList<>();
  private final List<DeviceBuffer> allFlags = new ArrayList<>();
  private final LayerShape shape;
  private final DeviceResources resources = new DeviceResources();
  private int epoch;
  private long holdNanos = FIRST_HOLD_NANOS;

  /** Gives each device access to the others, and fills tokens and weights. */
  public ExpertParallelLayer(List<Kernels> devices, LayerShape shape) {
    this.shape = shape;
    try {
      for (Kernels from : devices) {
        for (Kernels to : devices) {
          if (from != to) {
            from.context().enablePeerAccess(to.context());
          }
        }
      }
      for (int g = 0; g < devices.size(); g++) {
        gpus.add(resources.hold(new LayerGpu(devices.get(g), shape, devices.size(), 11 + g)));
      }
      long[] flags = gpus.stream().mapToLong(gpu -> gpu.flags().address()).toArray();
      for (LayerGpu gpu : gpus) {
        gpu.makeCurrent();
        allFlags.add(resources.hold(DeviceBuffer.of(flags)));
      }
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /** Number of rows that a batch needs in the buffers of the busiest GPU's experts. */
  public static int rows(RoutedBatch batch, LayerTransport transport) {
    return LayerPlan.of(batch, transport).bufferRows();
  }

  /**
   * Runs a micro-batch several times.
   *
   * @param linkGigabytesPerSecond rate at which a GPU receives from other nodes; 0 for no limit
   * @return the run with the median layer time
   */
  public LayerTime run(
      RoutedBatch batch, LayerTransport transport, double linkGigabytesPerSecond, int repeats) {
    if (batch.gpus() != gpus.size()) {
      throw new IllegalArgumentException(
          "a batch for %d GPUs on %d".formatted(batch.gpus(), gpus.size()));
    }
    LayerPlan plan = LayerPlan.of(batch, transport);
    List<GpuLists> lists = new ArrayList<>();
    try {
      for (int g = 0; g < gpus.size(); g++) {
        lists.add(new GpuLists(gpus, g, shape, plan));
      }
      List<LayerTime> times = new ArrayList<>();
      while (times.size() < repeats) {
        LayerTime time = once(lists, linkGigabytesPerSecond);
        if (time != null) {
          times.add(time);
        }
      }
      times.sort(Comparator.comparingDouble(LayerTime::layer));
      return times.get(repeats / 2);
    } finally {
      for (int g = 0; g < lists.size(); g++) {
        gpus.get(g).makeCurrent();
        lists.get(g).close();
      }
    }
  }

  /** Returns null if the host was too slow to start all kernels in the pause. */
  private LayerTime once(List<GpuLists> lists, double linkGigabytesPerSecond) {
    long begun = System.nanoTime();
    int first = epoch;
    Marks marks = null;
    for (int g = 0; g < gpus.size(); g++) {
      epoch = first;
      marks = start(g, lists.get(g), linkGigabytesPerSecond);
    }
    long taken = System.nanoTime() - begun;
    for (LayerGpu gpu : gpus) {
      gpu.makeCurrent();
      gpu.stream().synchronize();
    }
    if (taken > HOLD_MARGIN * holdNanos && holdNanos < MOST_HOLD_NANOS) {
      holdNanos = Math.min(MOST_HOLD_NANOS, 2 * holdNanos);
      return null;
    }
    return time(marks);
  }

  /** Indices of the stamps at the ends of the phases. */
  private record Marks(int dispatched, int computed, int finished, int end) {}

  private Marks start(int g, GpuLists lists, double linkGigabytesPerSecond) {
    LayerGpu gpu = gpus.get(g);
    LayerKernels moves = gpu.moves();
    gpu.makeCurrent();
    moves.hold(gpu.stream(), holdNanos);
    int stamp = 0;
    barrier(g, stamp);
    for (int step = 0; step < lists.dispatch().size(); step++) {
      if (step > 0) {
        barrier(g, ++stamp);
      }
      moves.pull(
          gpu.stream(),
          lists.dispatch().get(step),
          gpu.experts().rows(),
          shape.e4m3() ? gpu.experts().rowScales() : null,
          shape.dispatchBytes(),
          pace(gpu, stamp, shape.dispatchBytes(), linkGigabytesPerSecond));
    }
    int dispatched = ++stamp;
    moves.stamp(gpu.stream(), gpu.stamps(), dispatched);
    lists.work().start(gpu.stream());
    int computed = ++stamp;
    moves.stamp(gpu.stream(), gpu.stamps(), computed);
    barrier(g, ++stamp);
    int finished = stamp;
    for (int step = 0; step < lists.combine().size(); step++) {
      if (step > 0) {
        barrier(g, ++stamp);
      }
      moves.reduce(
          gpu.stream(),
          lists.combine().get(step),
          lists.finalOutputs(step) ? gpu.results() : gpu.experts().outputs(),
          shape.combineBytes(),
          pace(gpu, stamp, shape.combineBytes(), linkGigabytesPerSecond));
    }
    barrier(g, ++stamp);
    return new Marks(dispatched, computed, finished, stamp);
  }

  private void barrier(int g, int stamp) {
    LayerGpu gpu = gpus.get(g);
    gpu.moves().barrier(gpu.stream(), allFlags.get(g), g, ++epoch, gpu.stamps(), stamp);
  }

  private static LayerKernels.Pace pace(LayerGpu gpu, int stamp, int rowBytes, double gigabytes) {
    return new LayerKernels.Pace(
        gpu.stamps(), stamp, gigabytes == 0 ? 0 : (float) (rowBytes / gigabytes));
  }

  private LayerTime time(Marks marks) {
    double[] layer = new double[gpus.size()];
    double[] dispatch = new double[gpus.size()];
    double[] experts = new double[gpus.size()];
    double[] combine = new double[gpus.size()];
    for (int g = 0; g < gpus.size(); g++) {
      gpus.get(g).makeCurrent();
      long[] stamps = gpus.get(g).stamps().toLongs(marks.end() + 1);
      layer[g] = micros(stamps, 0, marks.end());
      dispatch[g] = micros(stamps, 0, marks.dispatched());
      experts[g] = micros(stamps, marks.dispatched(), marks.computed());
      combine[g] = micros(stamps, marks.finished(), marks.end());
    }
    return new LayerTime(
        most(layer),
        most(dispatch),
        most(experts),
        most(combine),
        most(experts) / Arrays.stream(experts).average().orElse(1));
  }

  private static double micros(long[] stamps, int from, int to) {
    return (stamps[to] - stamps[from]) / 1e3;
  }

  private static double most(double[] values) {
    return Arrays.stream(values).max().orElse(0);
  }

  /**
   * Runs a micro-batch and compares what arrived with what was sent: rows bit for bit, and outputs
   * with the weighted sums of the experts' results.
   *
   * @param samples number of tokens that are compared
   * @return the largest difference of an output in units of its last BF16 place
   * @throws IllegalStateException if a row differs
   */
  public double check(
      RoutedBatch batch, LayerTransport transport, double linkGigabytesPerSecond, int samples) {
    run(batch, transport, linkGigabytesPerSecond, 1);
    return new DeliveryCheck(gpus, shape, batch).run(samples);
  }

  @Override
  public void close() {
    resources.close();
  }
}
