package io.sextant.jobs.report.data;

import io.sextant.jobs.report.data.PlanData.ClusterMap;
import io.sextant.jobs.report.data.PlanData.Decided;
import io.sextant.jobs.report.data.PlanData.Links;
import io.sextant.jobs.report.data.PlanData.Moved;
import io.sextant.jobs.report.data.PlanData.Traffic;
import io.sextant.jobs.report.data.PrecisionData.Kernel;
import io.sextant.jobs.report.data.PrecisionData.Product;
import io.sextant.jobs.report.data.PriceData.Prices;
import io.sextant.jobs.report.data.RoutingData.Correlation;
import io.sextant.jobs.report.data.RoutingData.Domains;
import io.sextant.jobs.report.data.RoutingData.Drift;
import io.sextant.jobs.report.data.RoutingData.Imbalance;
import io.sextant.jobs.report.data.RoutingData.Load;
import java.util.List;

/**
 * The data of the page: aggregates, never tokens. Serialised to JSON inside the page under these
 * names. A figure that is not available is null; every figure is rounded to five decimals, so that
 * the page does not depend on the order in which floating-point numbers are added.
 *
 * @param model name of the model
 * @param layers absolute ids of the MoE layers, ascending; the first index of every array by layer
 * @param experts logical experts per layer
 * @param topK routed experts of a token
 * @param headline the page in one sentence, with the verdict
 * @param sentence the sentence at the top of the page, below the verdict
 * @param window the days that the routing figures cover
 * @param traces the traces that were read
 * @param why what the decision costs, and who decided; null if no decision was recorded
 * @param decision the decision whether the plan should replace the map in force
 * @param traffic the plans and their scores
 * @param links tokens sent from node to node under each plan
 * @param moves the slot writes that lead from the map in force to the plan
 * @param placement the map that is deployed
 * @param load tokens of each expert
 * @param imbalance imbalance of these loads
 * @param correlation correlation of prefill and decode
 * @param domains similarity of domains
 * @param drift distance between days
 * @param prices what redundant copies bring and cost
 * @param map the GPU and slot of every expert of the plan
 * @param products predicted FP8 error of each product
 * @param errorLimit error above which a product is unsafe; null if no run recorded it
 * @param kernels the kernel chosen for each product
 */
public record ReportData(
    String model,
    List<Integer> layers,
    int experts,
    int topK,
    String headline,
    String sentence,
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
    Section<Prices> prices,
    Section<ClusterMap> map,
    Section<List<Product>> products,
    Double errorLimit,
    Section<List<Kernel>> kernels) {

  /** First and last day, yyyy-MM-dd. */
  public record Days(String from, String to) {}

  /**
   * Totals of the ingested traces.
   *
   * @param files number of files that were read
   * @param requests number of requests that were kept
   * @param tokens number of tokens of these requests
   * @param countedSteps number of steps in which engines only counted tokens of each expert
   * @param quarantined number of files that were quarantined as a whole
   * @param rejectedRequests number of requests that were quarantined
   */
  public record Traces(
      long files,
      long requests,
      long tokens,
      long countedSteps,
      long quarantined,
      long rejectedRequests) {}

  /**
   * The shape of the map.
   *
   * @param file the map's file name
   * @param planId id of the plan that the map belongs to; null if its file names none
   * @param serving the serving profile that the map was planned for; null if its file names none
   * @param slots physical slots per layer
   * @param replicated number of experts with more than one slot, summed over the layers
   */
  public record PlacementSummary(
      String file, String planId, String serving, int slots, int replicated) {}
}
