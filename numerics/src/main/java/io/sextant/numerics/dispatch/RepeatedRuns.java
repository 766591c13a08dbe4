package io.sextant.numerics.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measurements of the same kernels in several sessions. Times of a session have more in common than
 * times of different ones: the GPU's clock depends on its temperature and power, and GPUs differ.
 */
public final class RepeatedRuns {
  private RepeatedRuns() {}

  /**
   * The measurements of one product by session, in the order in which they were read.
   *
   * @param product kernels of one product at one number of tokens; the n-th of a name is of the
   *     n-th session
   */
  public static List<List<KernelFigures>> sessions(List<KernelFigures> product) {
    Map<String, Integer> seen = new HashMap<>();
    List<List<KernelFigures>> sessions = new ArrayList<>();
    for (KernelFigures kernel : product) {
      int session = seen.merge(kernel.title(), 1, Integer::sum) - 1;
      if (session == sessions.size()) {
        sessions.add(new ArrayList<>());
      }
      sessions.get(session).add(kernel);
    }
    return sessions;
  }

  /**
   * One measurement per kernel, with the samples of all sessions together. A kernel that was
   * refused in a session is left out of it.
   */
  public static List<KernelFigures> pooled(List<KernelFigures> product) {
    Map<String, List<KernelFigures>> byTitle = new LinkedHashMap<>();
    product.forEach(
        kernel -> byTitle.computeIfAbsent(kernel.title(), title -> new ArrayList<>()).add(kernel));
    return byTitle.values().stream().map(RepeatedRuns::one).toList();
  }

  private static KernelFigures one(List<KernelFigures> runs) {
    List<KernelFigures> ran = runs.stream().filter(KernelFigures::ran).toList();
    if (ran.size() < 2 || !ran.stream().allMatch(KernelFigures::hasSamples)) {
      return ran.isEmpty() ? runs.get(0) : ran.get(0);
    }
    double[] samples =
        ran.stream()
            .flatMap(run -> run.endToEndSamplesUs().stream())
            .mapToDouble(Double::doubleValue)
            .toArray();
    return ran.get(0).withEndToEnd(Timing.of(samples));
  }
}
