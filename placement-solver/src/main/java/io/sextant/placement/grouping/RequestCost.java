package io.sextant.placement.grouping;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.router.Router;
import io.sextant.schema.router.RouterTable;
import io.sextant.schema.spec.RouterKnowledge;
import java.util.Arrays;

/** What a router expects a request to cost on each node, from what it knows of the request. */
public interface RequestCost {

  /**
   * @param cost overwritten with the remote nodes per token and MoE layer, shape [nodes]
   */
  void of(RouterRequest request, double[] cost);

  /**
   * The costs that a router with this knowledge computes.
   *
   * @throws InvalidInputException if the router's files do not have what it needs
   */
  static RequestCost of(RouterKnowledge knows, Router router) {
    RouterTable table = router.table();
    return switch (knows) {
      case NOTHING -> (request, cost) -> Arrays.fill(cost, 0);
      case LABEL -> {
        if (table.labelCosts().isEmpty()) {
          throw lacks(knows);
        }
        yield new LabelCost(table.labelCosts());
      }
      case PROMPT_TOKENS -> {
        if (router.tokens() == null) {
          throw lacks(knows);
        }
        yield new PromptTokenCost(router.tokens());
      }
      case PREFILL -> new PrefillCost(table);
    };
  }

  private static InvalidInputException lacks(RouterKnowledge knows) {
    return InvalidInputException.of(
        "--router " + knows.id(),
        "groups.json was planned without the costs that this router needs",
        "Run solve --group --router %s on requests that have them".formatted(knows.id()));
  }
}
