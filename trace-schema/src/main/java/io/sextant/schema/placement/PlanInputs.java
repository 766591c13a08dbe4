package io.sextant.schema.placement;

import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ExpertTimeTable;
import io.sextant.schema.spec.ServingProfile;
import java.util.Arrays;
import java.util.List;

/**
 * What a plan was made for and from, besides its map.
 *
 * @param cluster the machines that the plan is for
 * @param profile the serving profile that the plan is for
 * @param pool the phases that the GPUs serve
 * @param packaging name of the format in which the experts' weights are served
 * @param plannedFrom first day of the traces that the map was made from, yyyy-MM-dd; null if it was
 *     not made from traces, as the linear map
 * @param plannedTo last day of these traces; null if it was not made from traces
 * @param traffic how the traffic that the map is made for and scored on differs from the recorded
 *     one; null if it does not
 */
public record PlanInputs(
    ClusterSpec cluster,
    ServingProfile profile,
    String pool,
    String packaging,
    String plannedFrom,
    String plannedTo,
    String traffic) {

  /** The inputs of a map for the traffic that was recorded. */
  public PlanInputs(
      ClusterSpec cluster,
      ServingProfile profile,
      String pool,
      String packaging,
      String plannedFrom,
      String plannedTo) {
    this(cluster, profile, pool, packaging, plannedFrom, plannedTo, null);
  }

  /** The same inputs under other traffic than was recorded; null for the recorded traffic. */
  public PlanInputs under(String other) {
    return new PlanInputs(cluster, profile, pool, packaging, plannedFrom, plannedTo, other);
  }

  /** The inputs of a map that was not made from traces. */
  public PlanInputs withoutTraces() {
    return new PlanInputs(cluster, profile, pool, packaging, null, null, traffic);
  }

  /** Adds every value that scores depend on. */
  void addTo(ContentHash hash) {
    hash.text(cluster.name()).number(cluster.nodes()).number(cluster.gpusPerNode());
    hash.text(cluster.gpu())
        .number(cluster.gpuTeraflops())
        .number(cluster.gpuMemoryGigabytesPerSecond())
        .number(cluster.intraNodeGigabytesPerSecond())
        .number(cluster.interNodeGigabytesPerSecond());
    List<List<Double>> costs = cluster.nodeCost().orElse(List.of());
    hash.number(costs.size());
    costs.forEach(row -> row.forEach(hash::number));
    List<Double> speeds = cluster.gpuSpeed().orElse(List.of());
    hash.number(speeds.size());
    speeds.forEach(hash::number);
    hash.number(cluster.expertTimes().size());
    for (ExpertTimeTable times : cluster.expertTimes()) {
      hash.number(times.hidden()).number(times.expertIntermediate()).text(times.precision());
      hash.text(Arrays.toString(times.rows())).text(Arrays.toString(times.experts()));
      for (double[] row : times.micros()) {
        Arrays.stream(row).forEach(hash::number);
      }
    }
    List<Integer> sources = cluster.sourceNodes().orElse(List.of());
    hash.number(sources.size());
    sources.forEach(hash::number);
    hash.text(profile.toString()).text(pool).text(packaging).text(plannedFrom).text(plannedTo);
    if (traffic != null) {
      hash.text(traffic);
    }
  }
}
