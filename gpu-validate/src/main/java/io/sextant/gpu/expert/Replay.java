package io.sextant.gpu.expert;

import io.sextant.gpu.cuda.CudaStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Runs every GPU's expert work of a micro-batch on one device, one GPU after another, and takes
 * each one's time.
 */
public final class Replay {
  private static final int REPEATS = 3;

  private final ExpertLayer layer;
  private final CudaStream stream;

  /** Both stay the caller's to close. */
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
   * @param tokensOfSlot of each piece, the rows of each expert
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
      // The host's launches show in the first lap only: it is run for nothing.
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
