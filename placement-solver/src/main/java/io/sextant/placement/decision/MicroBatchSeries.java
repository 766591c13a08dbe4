package io.sextant.placement.decision;

import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.placement.evaluate.MicroBatchRecord;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The measures of one plan in every complete micro-batch, by layer and in the order of time. All
 * layers have the same micro-batches: the same tokens of the same requests.
 */
public final class MicroBatchSeries {
  private final int microBatches;
  private final Map<MicroBatchMeasure, double[][]> layers;

  private MicroBatchSeries(int microBatches, Map<MicroBatchMeasure, double[][]> layers) {
    this.microBatches = microBatches;
    this.layers = layers;
  }

  /**
   * Joins the records of consecutive stretches of time (files or days).
   *
   * @param stretches each of shape [layers], in the order of time
   * @throws IllegalArgumentException if a stretch is not {@link #aligned}
   */
  public static MicroBatchSeries of(List<MicroBatchRecord[]> stretches) {
    for (MicroBatchRecord[] stretch : stretches) {
      if (stretch.length != stretches.get(0).length || !aligned(stretch)) {
        throw new IllegalArgumentException("The layers do not have the same micro-batches");
      }
    }
    int size = stretches.stream().mapToInt(stretch -> stretch[0].size()).sum();
    Map<MicroBatchMeasure, double[][]> layers = new EnumMap<>(MicroBatchMeasure.class);
    for (MicroBatchMeasure measure : MicroBatchMeasure.values()) {
      double[][] joined = new double[stretches.isEmpty() ? 0 : stretches.get(0).length][size];
      for (int l = 0; l < joined.length; l++) {
        int at = 0;
        for (MicroBatchRecord[] stretch : stretches) {
          double[] part = stretch[l].values(measure);
          System.arraycopy(part, 0, joined[l], at, part.length);
          at += part.length;
        }
      }
      layers.put(measure, joined);
    }
    return new MicroBatchSeries(size, layers);
  }

  /** Whether every layer has a record, and all have as many micro-batches. */
  public static boolean aligned(MicroBatchRecord[] stretch) {
    for (MicroBatchRecord layer : stretch) {
      if (layer == null || layer.size() != stretch[0].size()) {
        return false;
      }
    }
    return stretch.length > 0;
  }

  /** Micro-batches of each layer. */
  public int microBatches() {
    return microBatches;
  }

  /**
   * @return shape [microBatches]: the mean over the layers at each time
   */
  public double[] overLayers(MicroBatchMeasure measure) {
    double[] mean = new double[microBatches];
    double[][] all = layers.get(measure);
    for (double[] layer : all) {
      for (int b = 0; b < microBatches; b++) {
        mean[b] += layer[b] / all.length;
      }
    }
    return mean;
  }
}
