package io.sextant.jobs.report.data;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import io.sextant.schema.stats.Estimate;
import java.util.List;

/** What the report shows of plans: their scores, the decision, traffic, moves and the map. */
public final class PlanData {

  /**
   * The plans scored on the same traces.
   *
   * @param plans linear first, Sextant last
   * @param before name of the plan that was in force: current, or linear if no map was
   * @param scoredDay the last day they were scored on
   * @param runId of the run that scored them
   */
  public record Traffic(List<Plan> plans, String before, String scoredDay, String runId) {}

  /**
   * A plan's figures.
   *
   * @param name as in {@code placement_metrics}
   * @param all over all layers; null if the table has single layers only
   * @param byLayer a figure per layer; an entry is null if the table has none
   */
  public record Plan(String name, Score all, List<Score> byLayer) {}

  /**
   * How a plan scored.
   *
   * @param remoteNodesPerToken nodes other than its own that a token is sent to
   * @param gpusPerToken GPUs that hold a token's experts
   * @param gpuLoad tokens of the busiest GPU over the mean, mean over micro-batches
   * @param nodeReceive tokens that the busiest node receives over the mean, likewise
   * @param activatedExperts distinct experts of a GPU that a decode micro-batch uses
   * @param tokens tokens scored
   * @param microBatches micro-batches scored
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
   * page has their ends only, the figures are in the score.
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
   * @param command what decided
   * @param verdict publish, keep or insufficient evidence
   * @param reason in a sentence
   * @param gain share by which the layer time falls; null if there is too little evidence
   * @param gainSpan the gain's 95 % confidence interval; null if there is none
   * @param leastGain share that it had to exceed
   * @param movedBytes null if no map was in force
   */
  public record Decided(
      String command,
      String verdict,
      String reason,
      Double gain,
      @JsonIncludeProperties({"low", "high"}) Estimate gainSpan,
      double leastGain,
      Long movedBytes,
      double moveMicros) {}

  /**
   * Tokens that a plan sends between nodes, all layers together, each once to a node.
   *
   * @param tokens [source][node]; 0 on the diagonal
   */
  public record Links(String plan, long[][] tokens) {}

  /**
   * What is written on the way from the map in force to the plan.
   *
   * @param layers by layer
   * @param bytesBetweenNodes [from][to]; on the diagonal what stays within a node
   * @param writes [layer, step, slot, expert, from slot, from GPU, GPU] each; the first of them, as
   *     many as a page should carry
   * @param allWrites how many there are
   */
  public record Moved(
      List<LayerMoved> layers, long[][] bytesBetweenNodes, int[][] writes, int allWrites) {}

  /**
   * The moves of a layer.
   *
   * @param writes slots written
   * @param steps in which they are
   * @param movedBytes weights that the new map has on GPUs which did not hold them; null if unknown
   * @param copiedBytes weights that travel, those parked for a while too
   */
  public record LayerMoved(int writes, int steps, Long movedBytes, long copiedBytes) {}

  /**
   * Where the experts live.
   *
   * @param nodes of as many GPUs each, GPUs counted through
   * @param experts [layer][gpu][slot], the logical expert
   */
  public record ClusterMap(int nodes, List<List<List<Integer>>> experts) {}

  private PlanData() {}
}
