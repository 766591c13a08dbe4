package io.sextant.gpu.layer;

import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.Kernels;
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
  private final boolean graphs;
  private final DeviceResources resources = new DeviceResources();
  private long holdNanos = FIRST_HOLD_NANOS;

  /**
   * Gives each device access to the others, and fills tokens and weights.
   *
   * @param graphs whether each GPU's layer starts as one CUDA graph; otherwise kernel by kernel
   */
  public ExpertParallelLayer(List<Kernels> devices, LayerShape shape, boolean graphs) {
    this.shape = shape;
    this.graphs = graphs;
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
    List<LayerLaunch> launches = new ArrayList<>();
    try {
      for (int g = 0; g < gpus.size(); g++) {
        LayerLaunch.Barriers barriers = new LayerLaunch.Barriers(g, allFlags.get(g));
        GpuLists lists = new GpuLists(gpus, g, shape, plan);
        launches.add(
            new LayerLaunch(gpus.get(g), barriers, lists, shape, linkGigabytesPerSecond, graphs));
      }
      List<LayerTime> times = new ArrayList<>();
      while (times.size() < repeats) {
        LayerTime time = once(launches);
        if (time != null) {
          times.add(time);
        }
      }
      times.sort(Comparator.comparingDouble(LayerTime::layer));
      return times.get(repeats / 2);
    } finally {
      launches.forEach(LayerLaunch::close);
    }
  }

  /** Returns null if the host was too slow to start all kernels in the pause. */
  private LayerTime once(List<LayerLaunch> launches) {
    long begun = System.nanoTime();
    launches.forEach(launch -> launch.start(holdNanos));
    long taken = System.nanoTime() - begun;
    for (LayerGpu gpu : gpus) {
      gpu.makeCurrent();
      gpu.stream().synchronize();
    }
    if (!graphs && taken > HOLD_MARGIN * holdNanos && holdNanos < MOST_HOLD_NANOS) {
      holdNanos = Math.min(MOST_HOLD_NANOS, 2 * holdNanos);
      return null;
    }
    return time(launches.get(0).marks());
  }

  private LayerTime time(LayerLaunch.Marks marks) {
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
