package io.sextant.gpu.expert;

import io.sextant.gpu.cuda.CudaStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Runs the expert work of every GPU for a micro-batch on one device, one GPU after another, and
 * measures the time of each.
 */
public final class Replay {
  private static final int REPEATS = 3;

  private final ExpertLayer layer;
  private final CudaStream stream;

  /** Creates a replay; the caller closes both arguments. */
  public Replay(ExpertLayer layer, CudaStream stream) {
    this.layer = layer;
    this.stream = stream;
  }

  /** Microseconds of each GPU's expert work: the median of three runs. */
  public double[] gpuMicros(ReplayBatch batch) {
    return micros(IntStream.range(0, batch.gpus()).mapToObj(batch::tokensOfGpu).toList());
  }

  /**
   * Microseconds of each piece of work: the median of three runs.
   *
   * @param tokensOfSlot number of rows per expert, for each piece
   */
  public double[] micros(List<int[]> tokensOfSlot) {
    List<ExpertLayer.Work> work = new ArrayList<>();
    try {
      List<Runnable> laps = new ArrayList<>();
      for (int[] tokens : tokensOfSlot) {
        ExpertLayer.Work piece = layer.prepare(tokens);
        work.add(piece);
        laps.add(() -> piece.start(stream));
      }
      // Run a first lap that is not counted, because it includes the host's launches.
      laps.add(0, laps.get(laps.size() - 1));
      double[][] samples = new double[REPEATS][];
      for (int i = 0; i < REPEATS; i++) {
        samples[i] = stream.laps(laps);
      }
      double[] median = new double[tokensOfSlot.size()];
      double[] ofPiece = new double[REPEATS];
      for (int piece = 0; piece < median.length; piece++) {
        for (int i = 0; i < REPEATS; i++) {
          ofPiece[i] = samples[i][piece + 1];
        }
        Arrays.sort(ofPiece);
        median[piece] = ofPiece[REPEATS / 2];
      }
      return median;
    } finally {
      work.forEach(ExpertLayer.Work::close);
    }
  }
}
