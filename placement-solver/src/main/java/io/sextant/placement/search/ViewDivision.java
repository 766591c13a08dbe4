package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import io.sextant.placement.problem.Topology;

/**
 * Decides which experts have two copies and which node each copy is in, under two views. The stages
 * are those of {@link NodeDivision}: hot on a part of the sample, then on all of it.
 */
public final class ViewDivision {
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
            halves.thinned(Math.max(1, halves.tokens() / NodeDivision.COARSE)),
            start,
            NodeDivision.annealing(NodeDivision.COARSE_STAGE, steps / 2, seed));
    return refine(homes, steps / 2, seed);
  }

  /** The second of the stages alone, from a division that is good already. */
  public int[] refine(int[] homes, long steps, long seed) {
    return anneal(halves, homes, NodeDivision.annealing(NodeDivision.FINE_STAGE, steps, seed));
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
