package io.sextant.jobs.report.data;

import io.sextant.jobs.report.data.PlanData.ClusterMap;
import io.sextant.jobs.report.data.PlanData.Decided;
import io.sextant.jobs.report.data.PlanData.Links;
import io.sextant.jobs.report.data.PlanData.Moved;
import io.sextant.jobs.report.data.PlanData.Traffic;
import io.sextant.jobs.report.data.PrecisionData.Kernel;
import io.sextant.jobs.report.data.PrecisionData.Product;
import io.sextant.jobs.report.data.RoutingData.Correlation;
import io.sextant.jobs.report.data.RoutingData.Domains;
import io.sextant.jobs.report.data.RoutingData.Drift;
import io.sextant.jobs.report.data.RoutingData.Imbalance;
import io.sextant.jobs.report.data.RoutingData.Load;
import java.util.List;

/**
 * What the page shows: aggregates, never tokens. Serialised to JSON inside the page under these
 * names. A figure that is not available is null; every figure is rounded to five decimals, so that
 * the page does not depend on the order of a floating-point sum.
 *
 * @param model name of the model
 * @param layers absolute ids of the MoE layers, ascending; the first index of every array by layer
 * @param experts logical experts per layer
 * @param topK routed experts of a token
 * @param headline what the page says, in a sentence
 * @param window days that the routing figures cover
 * @param traces what was read
 * @param why what a decision rests on, in a sentence or two; null if none was recorded
 * @param decision whether the plan was to take the place of the map in force
 * @param traffic the plans compared
 * @param links who sends to whom under each plan
 * @param moves what is written on the way from the map in force to the plan
 * @param placement the map that is shipped
 * @param load tokens of each expert
 * @param imbalance how uneven that is
 * @param correlation prefill against decode
 * @param domains domain against domain
 * @param drift day against day
 * @param map where every expert of the plan lives
 * @param products what FP8 is predicted to do to each product
 * @param kernels the kernel chosen for each product
 */
public record ReportData(
    String model,
    List<Integer> layers,
    int experts,
    int topK,
    String headline,
    String why,
    Section<Decided> decision,
    Section<Days> window,
    Section<Traces> traces,
    Section<Traffic> traffic,
    Section<List<Links>> links,
    Section<Moved> moves,
    Section<PlacementSummary> placement,
    Section<Load> load,
    Section<Imbalance> imbalance,
    Section<Correlation> correlation,
    Section<Domains> domains,
    Section<Drift> drift,
    Section<ClusterMap> map,
    Section<List<Product>> products,
    Section<List<Kernel>> kernels) {

  /** First and last day, yyyy-MM-dd. */
  public record Days(String from, String to) {}

  /** What ingest has taken in; {@code quarantined} counts files refused as a whole. */
  public record Traces(
      long files, long requests, long tokens, long quarantined, long rejectedRequests) {}

  /**
   * The shape of the map.
   *
   * @param file the map's file name
   * @param slots physical slots a layer
   * @param replicated experts with more than one slot, summed over the layers
   */
  public record PlacementSummary(String file, int slots, int replicated) {}
}
