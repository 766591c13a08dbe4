package io.sextant.jobs.report.data;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import io.sextant.schema.stats.Estimate;
import java.util.List;
import java.util.Optional;

/** The report's data about plans: their scores, the decision, traffic, moves and the map. */
public final class PlanData {

  /**
   * The plans scored on the same traces.
   *
   * @param plans linear first, Sextant last
   * @param before name of the plan that was in force: current, or linear if there was no map
   * @param after name of the plan that the page describes, usually Sextant's
   * @param serving the serving profile under which they were planned and scored; null before
   *     version 0.2.0
   * @param scoredDay the last day of the scoring window
   * @param runId id of the run that scored them
   * @param identity what the page's plan is; its values are null before version 0.3.0
   */
  public record Traffic(
      List<Plan> plans,
      String before,
      String after,
      String serving,
      String scoredDay,
      String runId,
      Identity identity) {

    /** The scores of the plan of this name over all layers; empty if there are none. */
    public Optional<Score> score(String plan) {
      return plans.stream()
          .filter(candidate -> candidate.name().equals(plan) && candidate.all() != null)
          .map(Plan::all)
          .findFirst();
    }
  }

  /**
   * What a plan is.
   *
   * @param planId the plan's id
   * @param cluster cluster that it was made for
   * @param gpus nodes x GPUs per node and the GPU's name; null if the cluster is not described
   * @param packaging packaging of the weights that it was made for; null if its run recorded none
   * @param slots physical slots per layer
   * @param plannedFrom first day that it was made from; null if it was not made from traces
   * @param plannedTo last day that it was made from; null if it was not made from traces
   * @param scoredFrom first day that it was scored on
   */
  public record Identity(
      String planId,
      String cluster,
      String gpus,
      String packaging,
      Integer slots,
      String plannedFrom,
      String plannedTo,
      String scoredFrom) {}

  /**
   * A plan's figures.
   *
   * @param name the plan's name in {@code placement_metrics}
   * @param all scores over all layers; null if the table has single layers only
   * @param byLayer scores of each layer; an entry is null if the table has none
   */
  public record Plan(String name, Score all, List<Score> byLayer) {}

  /**
   * The scores of a plan.
   *
   * @param remoteNodesPerToken nodes other than its own to which a token is sent
   * @param gpusPerToken GPUs that hold a token's experts
   * @param gpuLoad tokens of the busiest GPU divided by the mean, averaged over micro-batches
   * @param nodeReceive tokens received by the busiest node divided by the mean, averaged over
   *     micro-batches
   * @param activatedExperts distinct experts of a GPU that a decode micro-batch uses
   * @param tokens number of scored tokens
   * @param microBatches number of scored micro-batches
   * @param layerMicros predicted time of a layer for a micro-batch
   * @param movedBytes expert weights moved from the map in force; null if there is none
   * @param spans 95 % intervals; null for a single layer
   */
  public record Score(
      Double remoteNodesPerToken,
      Double gpusPerToken,
      Double gpuLoad,
      Double nodeReceive,
      Double activatedExperts,
      long tokens,
      long microBatches,
      Double layerMicros,
      Long movedBytes,
      Spans spans) {}

  /**
   * 95 % confidence intervals of a score's figures; null if there are too few micro-batches. The
   * page has only their ends; the means are in the score.
   */
  public record Spans(
      @JsonIncludeProperties({"low", "high"}) Estimate remoteNodesPerToken,
      @JsonIncludeProperties({"low", "high"}) Estimate gpusPerToken,
      @JsonIncludeProperties({"low", "high"}) Estimate gpuLoad,
      @JsonIncludeProperties({"low", "high"}) Estimate nodeReceive,
      @JsonIncludeProperties({"low", "high"}) Estimate layerMicros) {}

  /**
   * A decision.
   *
   * @param command name of the command that decided
   * @param serving the serving profile under which the gain was computed; null before version 0.2.0
   * @param verdict publish, keep or insufficient evidence
   * @param reason the reason, in one sentence
   * @param gain share by which the layer time falls; null if there is too little evidence
   * @param gainSpan the gain's 95 % confidence interval; null if there is none
   * @param leastGain share that the gain had to exceed
   * @param movedBytes expert weights moved; null if no map was in force
   */
  public record Decided(
      String command,
      String serving,
      String verdict,
      String reason,
      Double gain,
      @JsonIncludeProperties({"low", "high"}) Estimate gainSpan,
      double leastGain,
      Long movedBytes,
      double moveMicros) {}

  /**
   * Tokens that a plan sends between nodes, over all layers; a token counts once per node.
   *
   * @param tokens tokens [source][node]; 0 on the diagonal
   */
  public record Links(String plan, long[][] tokens) {}

  /**
   * The slot writes that lead from the map in force to the plan.
   *
   * @param layers the moves of each layer
   * @param bytesBetweenNodes bytes [from][to]; on the diagonal the bytes that stay within a node
   * @param writes the first writes, as many as the page shows, each [layer, step, slot, expert,
   *     from slot, from GPU, GPU]
   * @param allWrites number of all writes
   */
  public record Moved(
      List<LayerMoved> layers, long[][] bytesBetweenNodes, int[][] writes, int allWrites) {}

  /**
   * The moves of a layer.
   *
   * @param writes number of slots written
   * @param steps number of steps
   * @param movedBytes weights that are new to their GPU in the new map; null if unknown
   * @param copiedBytes weights copied between GPUs, including temporary copies
   */
  public record LayerMoved(int writes, int steps, Long movedBytes, long copiedBytes) {}

  /**
   * The placement of the experts.
   *
   * @param nodes number of nodes, each with the same number of GPUs; GPUs are numbered across nodes
   * @param experts the logical expert of each [layer][gpu][slot]
   */
  public record ClusterMap(int nodes, List<List<List<Integer>>> experts) {}

  private PlanData() {}
}
