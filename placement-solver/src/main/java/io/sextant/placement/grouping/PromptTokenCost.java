package io.sextant.placement.grouping;

import io.sextant.schema.router.TokenCosts;

/** The mean cost of the prompt's tokens; a token that is not in the table costs the mean. */
final class PromptTokenCost implements RequestCost {
  private final int nodes;
  private final int ids;
  private final float[] table;
  private final float[] mean;

  PromptTokenCost(TokenCosts costs) {
    this.nodes = costs.nodes();
    this.ids = costs.ids();
    this.table = costs.cost();
    this.mean = costs.mean();
  }

  @Override
  public void of(RouterRequest request, double[] cost) {
    int[] prompt = request.promptTokenIds();
    for (int n = 0; n < nodes; n++) {
      cost[n] = 0;
    }
    int unknown = 0;
    for (int id : prompt) {
      if (id < 0 || id >= ids) {
        unknown++;
        continue;
      }
      for (int n = 0, at = id * nodes; n < nodes; n++) {
        cost[n] += table[at + n];
      }
    }
    int tokens = Math.max(1, prompt.length);
    unknown = prompt.length == 0 ? 1 : unknown;
    for (int n = 0; n < nodes; n++) {
      cost[n] = (cost[n] + unknown * (double) mean[n]) / tokens;
    }
  }
}
