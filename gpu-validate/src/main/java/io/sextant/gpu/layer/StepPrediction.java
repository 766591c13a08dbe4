package io.sextant.gpu.layer;

import java.util.List;

/**
 * The predicted time of a micro-batch from the rows that each GPU moves, step by step as {@link
 * ExpertParallelLayer} runs it. Between two steps all GPUs wait for each other, but a GPU begins
 * its experts' work as soon as it has its own rows.
 *
 * @param linkGigabytesPerSecond rate at which a GPU receives from other nodes; unused in one node
 * @param peerGigabytesPerSecond rate at which a GPU reads from the other GPUs of its node
 * @param memoryGigabytesPerSecond rate of a GPU's memory, for reading and writing together
 * @param startMicros start of all steps together
 */
public record StepPrediction(
    double linkGigabytesPerSecond,
    double peerGigabytesPerSecond,
    double memoryGigabytesPerSecond,
    double startMicros) {

  /**
   * Microseconds of a layer.
   *
   * @param rowBytes bytes of a row that is sent
   * @param resultBytes bytes of a row that returns
   * @param expertMicros time of each GPU's experts
   */
  public double micros(
      RoutedBatch batch,
      LayerTransport transport,
      int rowBytes,
      int resultBytes,
      double[] expertMicros) {
    LayerPlan plan = LayerPlan.of(batch, transport);
    double micros = startMicros;
    int last = plan.dispatch().size() - 1;
    for (int step = 0; step <= last; step++) {
      List<PullList> lists = plan.dispatch().get(step);
      double longest = 0;
      for (int g = 0; g < batch.gpus(); g++) {
        double own = pull(lists.get(g), g, rowBytes) + (step == last ? expertMicros[g] : 0);
        longest = Math.max(longest, own);
      }
      micros += longest;
    }
    for (List<ReduceList> lists : plan.combine()) {
      double longest = 0;
      for (int g = 0; g < batch.gpus(); g++) {
        longest = Math.max(longest, reduce(lists.get(g), g, resultBytes));
      }
      micros += longest;
    }
    return micros;
  }

  private double pull(PullList list, int gpu, int rowBytes) {
    int own = own(list.from(), gpu);
    int peers = list.from().size() - own - list.limited();
    return longest(rowBytes, list.limited(), peers, own + list.to().length);
  }

  private double reduce(ReduceList list, int gpu, int rowBytes) {
    int own = own(list.from(), gpu);
    int sums = list.sums();
    int limited = sums == 0 ? 0 : list.limitedUntil()[sums - 1];
    return longest(rowBytes, limited, list.from().size() - own - limited, own + sums);
  }

  private static int own(List<PullList.Place> places, int gpu) {
    int own = 0;
    for (PullList.Place place : places) {
      own += place.gpu() == gpu ? 1 : 0;
    }
    return own;
  }

  /** The three kinds of transfers run at the same time. */
  private double longest(int rowBytes, int limited, int peers, int inMemory) {
    double byLink = limited == 0 ? 0 : limited / linkGigabytesPerSecond;
    double others = Math.max(peers / peerGigabytesPerSecond, inMemory / memoryGigabytesPerSecond);
    return Math.max(byLink, others) * rowBytes / 1e3;
  }
}
