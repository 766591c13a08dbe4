package io.sextant.jobs.score;

import io.sextant.jobs.serving.LayerShape;
import io.sextant.jobs.window.RequestKey;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.placement.evaluate.CostModel;
import java.io.Serializable;

/**
 * The inputs of scoring; serialized to Spark tasks.
 *
 * @param shape the model, the cluster's slots and the serving profile
 * @param cost cost model for the predicted time
 * @param routes the nodes of requests, for routed plans; other requests run on the node of their
 *     rank
 * @param leastLoad whether to find the least load that any choice of copies could reach
 */
record Scoring(LayerShape shape, CostModel cost, RequestRoutes routes, boolean leastLoad)
    implements Serializable {

  /** The GPU on which a request runs if its node is that of the rank that served it. */
  int servedGpu(int sourceRank, long requestId) {
    return shape.sources().gpuOf(sourceRank, requestId);
  }

  /** The GPU on the node that a router sent a request to, or {@code served} without a route. */
  int routedGpu(RequestKey request, int served) {
    Integer node = routes.node(request);
    int gpus = shape.layout().gpusPerNode();
    return node == null ? served : node * gpus + served % gpus;
  }
}
