package io.sextant.gpu.measure;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.numerics.dispatch.Timing;
import java.util.function.IntConsumer;

/**
 * Times work as a CUDA graph of many runs over rotated buffers, so the time includes neither the
 * host's launches nor the benefit of a cache that is warm from the previous run.
 */
public final class Stopwatch {
  private static final double GRAPH_MICROSECONDS = 1000;
  private static final int MOST_RUNS = 256;
  private static final int WARM_UPS = 2;

  /** Minimum time of a graph; graphs of this length need no warm-up and vary little. */
  private static final double LONG_GRAPH_MICROSECONDS = 5000;

  private static final int SAMPLES_OF_LONG_GRAPH = 5;

  private final CudaStream stream;

  /** Creates a stopwatch for work on this stream. */
  public Stopwatch(CudaStream stream) {
    this.stream = stream;
  }

  /**
   * Times one run of the work.
   *
   * @param rotations number of sets of buffers
   * @param samples maximum number of times that the graph is timed
   * @param work function that puts one run on the stream, with the set of buffers of the given
   *     index
   */
  public Timing time(int rotations, int samples, IntConsumer work) {
    work.accept(0);
    double once = stream.microseconds(() -> work.accept(rotations - 1));
    int rounds =
        (int) Math.max(1, Math.min(MOST_RUNS, GRAPH_MICROSECONDS / Math.max(1, once)) / rotations);
    int runs = rounds * rotations;
    boolean isLong = once * runs > LONG_GRAPH_MICROSECONDS;
    double[] microseconds = new double[isLong ? Math.min(samples, SAMPLES_OF_LONG_GRAPH) : samples];
    try (CudaStream.Graph graph =
        stream.capture(
            () -> {
              for (int run = 0; run < runs; run++) {
                work.accept(run % rotations);
              }
            })) {
      for (int i = 0; i < (isLong ? 0 : WARM_UPS); i++) {
        graph.launch();
      }
      for (int i = 0; i < microseconds.length; i++) {
        microseconds[i] = stream.microseconds(graph::launch) / runs;
      }
    }
    return Timing.of(microseconds);
  }
}
