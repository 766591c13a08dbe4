package io.sextant.jobs.score;

import io.sextant.jobs.serving.LayerShape;
import io.sextant.jobs.window.RequestKey;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.outage.LostGpus;
import java.io.Serializable;

/**
 * The inputs of scoring; serialized to Spark tasks.
 *
 * @param shape the model, the cluster's slots and the serving profile
 * @param cost cost model for the predicted time
 * @param routes the nodes of requests, for routed plans; other requests run on the node of their
 *     rank
 * @param leastLoad whether to find the least load that any choice of copies could reach
 * @param lost GPUs that serve nothing
 */
record Scoring(
    LayerShape shape, CostModel cost, RequestRoutes routes, boolean leastLoad, LostGpus lost)
    implements Serializable {

  /** All GPUs serve. */
  Scoring(LayerShape shape, CostModel cost, RequestRoutes routes, boolean leastLoad) {
    this(shape, cost, routes, leastLoad, LostGpus.none(shape.layout()));
  }

  /** The GPU on which a request runs if its node is that of the rank that served it. */
  int servedGpu(int sourceRank, long requestId) {
    return lost.survivor(shape.sources().gpuOf(sourceRank, requestId), requestId);
  }

  /** The GPU on the node that a router sent a request to, or {@code served} without a route. */
  int routedGpu(RequestKey request, int served) {
    Integer node = routes.node(request);
    int gpus = shape.layout().gpusPerNode();
    return node == null ? served : node * gpus + served % gpus;
  }
}
