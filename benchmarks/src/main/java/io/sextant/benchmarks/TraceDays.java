package io.sextant.benchmarks;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.PlacementTally;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.trace.RequestTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The full traces of docs/evidence/solver.md: days 4 to 7 to plan on, days 8 and 9 to score on.
 *
 * @param window requests of days 4 to 7, all days alike
 * @param later requests of days 8 and 9, each day by itself
 */
record TraceDays(List<RequestTrace> window, List<List<RequestTrace>> later) {
  private static final int MICRO_BATCH_TOKENS = 8192;
  private static final CostModel FREE = new CostModel(0, 0, 0);

  static TraceDays read(Path traces) {
    return new TraceDays(readWindow(traces), List.of(readDay(traces, 8), readDay(traces, 9)));
  }

  static List<RequestTrace> readWindow(Path traces) {
    List<RequestTrace> window = new ArrayList<>();
    for (int day = 4; day < 8; day++) {
      window.addAll(readDay(traces, day));
    }
    return window;
  }

  private static List<RequestTrace> readDay(Path traces, int day) {
    return SampleTokens.read(traces.resolve("day%02d.safetensors.zst".formatted(day)));
  }

  /** What a layer is planned on. */
  LayerProblem problem(int layer, SlotLayout layout) {
    return problem(window, layer, layout);
  }

  static LayerProblem problem(List<RequestTrace> window, int layer, SlotLayout layout) {
    return new LayerProblem(
        layout, SampleTokens.layer(window, layer, layout.nodes()), MICRO_BATCH_TOKENS);
  }

  /**
   * Scores a layer's map on days 8 and 9 together.
   *
   * @param slots shape [slots]: the logical expert in each slot
   */
  PlacementTally score(int layer, SlotLayout layout, int[] slots) {
    PlacementTally tally = PlacementTally.EMPTY;
    for (List<RequestTrace> day : later) {
      LayerEvaluator evaluator =
          Evaluations.evaluator(layout, slots, 128, FREE, MICRO_BATCH_TOKENS, 256);
      for (RequestTrace request : day) {
        evaluator.add(
            request.experts()[layer],
            request.topK(),
            request.prefillTokens(),
            request.decodeTokens(),
            SampleTokens.sourceGpu(request, layout));
      }
      tally = tally.plus(evaluator.tally());
    }
    return tally;
  }
}
