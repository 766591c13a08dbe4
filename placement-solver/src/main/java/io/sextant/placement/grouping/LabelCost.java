package io.sextant.placement.grouping;

import io.sextant.schema.router.RouterTable;
import java.util.Map;

/**
 * Costs by the request's label.
 *
 * @param costs cost by label, shape [nodes] each, with {@link RouterTable#OTHER_LABEL}
 */
record LabelCost(Map<String, double[]> costs) implements RequestCost {

  @Override
  public void of(RouterRequest request, double[] cost) {
    double[] known = costs.get(request.label());
    System.arraycopy(
        known == null ? costs.get(RouterTable.OTHER_LABEL) : known, 0, cost, 0, cost.length);
  }
}
