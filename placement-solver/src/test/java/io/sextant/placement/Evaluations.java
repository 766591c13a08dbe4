package io.sextant.placement;

import io.sextant.placement.copies.LayerDispatch;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.PlacementTally;
import io.sextant.placement.evaluate.ServedPhases;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.RouterKnowledge;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The evaluator on tokens in the solver's own form, every token a request of its own. */
public final class Evaluations {
  private static final CostModel FREE = new CostModel(0, 0, 0);

  private Evaluations() {}

  /**
   * An evaluator under {@link CopyRule#IDEAL} and a node-deduplicated transport, in prefill and in
   * decode.
   */
  public static LayerEvaluator evaluator(
      SlotLayout layout,
      int[] slots,
      int experts,
      CostModel cost,
      int microBatchTokens,
      int decodeStepTokens) {
    return new LayerEvaluator(
        LayerDispatch.of(CopyRule.IDEAL, layout, slots, experts),
        profile(CopyRule.IDEAL, Transport.NODE_DEDUPLICATED, microBatchTokens, decodeStepTokens),
        ServedPhases.BOTH,
        cost);
  }

  /** A profile with the same transport in prefill and in decode. */
  public static ServingProfile profile(
      CopyRule rule, Transport transport, int prefillTokens, int decodeTokens) {
    return new ServingProfile(
        "test",
        "sglang",
        rule,
        transport,
        transport,
        false,
        prefillTokens,
        decodeTokens,
        RouterKnowledge.NOTHING);
  }

  public static PlacementTally of(
      SlotLayout layout, int[] slots, LayerTokens tokens, int microBatchTokens) {
    LayerEvaluator evaluator =
        evaluator(layout, slots, tokens.experts(), FREE, microBatchTokens, 1);
    int k = tokens.topK();
    for (int t = 0; t < tokens.tokens(); t++) {
      evaluator.add(
          Arrays.copyOfRange(tokens.ids(), t * k, (t + 1) * k),
          k,
          1,
          0,
          tokens.sourceNode()[t] * layout.gpusPerNode() + tokens.sourceLocalGpu()[t]);
    }
    return evaluator.tally();
  }

  /**
   * Mean over micro-batches of max/mean GPU load where a token's load is shared evenly by the
   * copies it may use: on its own node if there are any, else all.
   */
  public static double expectedGpuLoad(
      SlotLayout layout, int[] slots, LayerTokens tokens, int microBatchTokens) {
    int perBatch = Math.min(microBatchTokens, tokens.tokens());
    int batches = tokens.tokens() / perBatch;
    double sum = 0;
    for (int b = 0; b < batches; b++) {
      double[] load = new double[layout.gpus()];
      for (int t = b * perBatch; t < (b + 1) * perBatch; t++) {
        int source = tokens.sourceNode()[t];
        for (int i = t * tokens.topK(); i < (t + 1) * tokens.topK(); i++) {
          int expert = tokens.ids()[i];
          int[] copies = IntStream.range(0, slots.length).filter(p -> slots[p] == expert).toArray();
          int[] own = IntStream.of(copies).filter(p -> layout.nodeOfSlot(p) == source).toArray();
          int[] used = own.length > 0 ? own : copies;
          for (int p : used) {
            load[layout.gpuOfSlot(p)] += 1.0 / used.length;
          }
        }
      }
      sum += Arrays.stream(load).max().orElseThrow() * load.length / Arrays.stream(load).sum();
    }
    return sum / batches;
  }
}
