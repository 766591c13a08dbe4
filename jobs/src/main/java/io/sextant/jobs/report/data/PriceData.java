package io.sextant.jobs.report.data;

import io.sextant.schema.stats.Estimate;
import java.util.List;

/** The report's data about the price of a copy. */
public final class PriceData {

  /**
   * What copies bring and cost.
   *
   * @param curves one per cluster and serving profile
   * @param minimumGain share of the layer time that each further slot of a GPU has to save
   * @param plannedFrom first day that the plans were made from
   * @param plannedTo last day that the plans were made from
   * @param scoredFrom first day that was scored
   * @param scoredTo last day that was scored
   */
  public record Prices(
      List<Curve> curves,
      double minimumGain,
      String plannedFrom,
      String plannedTo,
      String scoredFrom,
      String scoredTo) {}

  /**
   * A cluster under a serving profile.
   *
   * @param name names of the two
   * @param points the numbers of slots, fewer first
   */
  public record Curve(String name, List<Point> points) {}

  /**
   * A number of slots.
   *
   * @param slots physical slots per layer
   * @param slotsPerGpu physical slots of a GPU in a layer
   * @param layerMicros predicted layer time in microseconds; null if not known
   * @param span its 95 % interval; null if there is none
   * @param gain share of the layer time that is saved against the fewest slots; null for these
   * @param gainSpan its 95 % interval; null if there is none
   * @param remoteNodesPerToken other nodes that a token is sent to; null if not known
   * @param gpuLoad max/mean GPU load; null if not known
   * @param kvTokens tokens of KV cache that are left; null if the memory is not described
   * @param kvTokensLost tokens of KV cache less than with the fewest slots
   * @param knee whether the rule names this number; null if it cannot be judged
   */
  public record Point(
      int slots,
      int slotsPerGpu,
      Double layerMicros,
      Estimate span,
      Double gain,
      Estimate gainSpan,
      Double remoteNodesPerToken,
      Double gpuLoad,
      Long kvTokens,
      Long kvTokensLost,
      Boolean knee) {}

  private PriceData() {}
}
