package io.sextant.jobs.group;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.RoutingRow;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.RouterTable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;

/** Assigns the requests of a window to nodes, as a router in service does. */
public record RouteStage(PlanTarget target) {

  /**
   * @param rows rows sorted by {@link PlanningSample#inOrder}
   * @return the node of each request id, in arrival order
   * @throws InvalidInputException if the layers do not hold the same requests
   */
  public Map<Long, Integer> run(Dataset<RoutingRow> rows, RouterTable table) {
    try (GatheredLayers layers = new GatheredLayers(target.shape(), rows)) {
      byte[] nodeOf = new Rounds(target, layers).routed(table.nodesOfExpert(), table.prices());
      Map<Long, Integer> routes = new LinkedHashMap<>();
      for (int r = 0; r < nodeOf.length; r++) {
        routes.put(layers.requests().ids()[r], (int) nodeOf[r]);
      }
      return routes;
    }
  }
}
