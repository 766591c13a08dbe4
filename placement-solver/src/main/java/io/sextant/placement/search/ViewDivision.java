package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import io.sextant.placement.problem.Topology;

/** Decides which experts have two copies and which node each copy is in, under two views. */
public final class ViewDivision {
  /** As in {@link NodeDivision}: hot on a part of the sample, then on all of it. */
  private static final AnnealingStage COARSE_STAGE = new AnnealingStage(3e-3, 1e-3);

  private static final AnnealingStage FINE_STAGE = new AnnealingStage(1e-3, 1e-4);
  private static final int COARSE = 4;
  private static final int PROPOSALS_PER_TEMPERATURE = 1024;

  private final LayerTokens halves;
  private final SlotLayout layout;
  private final NodeObjective objective;

  /**
   * @param halves the layer's tokens, with half h of expert e as number 2 e + h
   */
  public ViewDivision(LayerTokens halves, SlotLayout layout, NodeObjective objective) {
    this.halves = halves;
    this.layout = layout;
    this.objective = objective;
  }

  /**
   * @param start shape [halves]: the node of each half
   * @return shape [halves]: the node of each half
   */
  public int[] run(int[] start, long steps, long seed) {
    int[] homes =
        anneal(
            halves.thinned(Math.max(1, halves.tokens() / COARSE)),
            start,
            new Annealing(COARSE_STAGE, steps / 2, PROPOSALS_PER_TEMPERATURE, seed));
    return anneal(
        halves, homes, new Annealing(FINE_STAGE, steps / 2, PROPOSALS_PER_TEMPERATURE, seed));
  }

  private int[] anneal(LayerTokens tokens, int[] homes, Annealing annealing) {
    Topology topology = layout.topology();
    Topology.LinkUnits links = topology.units(layout.nodes());
    double[] load = new double[tokens.experts()];
    for (short half : tokens.ids()) {
      load[half]++;
    }
    return new ViewAnnealer(
            new NodePartition(tokens, new TokenIndex(tokens), layout.nodes(), links.of(), homes),
            load,
            topology.capacity(layout),
            1 / (tokens.tokens() * links.mean()),
            objective)
        .run(annealing);
  }
}
