package io.sextant.placement.evaluate;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The measures of one layer's complete micro-batches, in the order of time. An evaluator that has
 * no record keeps only sums.
 */
public final class MicroBatchRecord implements Serializable {
  private static final long serialVersionUID = 1L;

  private int size;
  private double[] remoteNodes = new double[16];
  private double[] gpus = new double[16];
  private double[] gpuLoad = new double[16];
  private double[] nodeReceive = new double[16];
  private double[] micros = new double[16];

  public void add(
      double remoteNodesPerToken,
      double gpusPerToken,
      double maxOverMeanGpuLoad,
      double maxOverMeanNodeReceive,
      double layerMicros) {
    if (size == remoteNodes.length) {
      remoteNodes = Arrays.copyOf(remoteNodes, 2 * size);
      gpus = Arrays.copyOf(gpus, 2 * size);
      gpuLoad = Arrays.copyOf(gpuLoad, 2 * size);
      nodeReceive = Arrays.copyOf(nodeReceive, 2 * size);
      micros = Arrays.copyOf(micros, 2 * size);
    }
    remoteNodes[size] = remoteNodesPerToken;
    gpus[size] = gpusPerToken;
    gpuLoad[size] = maxOverMeanGpuLoad;
    nodeReceive[size] = maxOverMeanNodeReceive;
    micros[size] = layerMicros;
    size++;
  }

  /** Complete micro-batches. */
  public int size() {
    return size;
  }

  /**
   * @return shape [size]: a copy
   */
  public double[] values(MicroBatchMeasure measure) {
    double[] values =
        switch (measure) {
          case REMOTE_NODES_PER_TOKEN -> remoteNodes;
          case GPUS_PER_TOKEN -> gpus;
          case MAX_OVER_MEAN_GPU_LOAD -> gpuLoad;
          case MAX_OVER_MEAN_NODE_RECEIVE -> nodeReceive;
          case LAYER_MICROS -> micros;
        };
    return Arrays.copyOf(values, size);
  }
}
