package io.sextant.jobs.report;

import java.util.List;
import java.util.Map;

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
 * @param why what a decision rests on, in a sentence or two; null where none was recorded
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
record ReportData(
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
  record Days(String from, String to) {}

  /** What ingest has taken in; {@code quarantined} counts files refused as a whole. */
  record Traces(long files, long requests, long tokens, long quarantined, long rejectedRequests) {}

  /**
   * The plans scored on the same traces.
   *
   * @param plans linear first, Sextant last
   * @param before name of the plan that was in force: current, or linear where no map was
   * @param scoredDay the last day they were scored on
   * @param runId of the run that scored them
   */
  record Traffic(List<Plan> plans, String before, String scoredDay, String runId) {}

  /**
   * A decision.
   *
   * @param command what decided
   * @param verdict publish, keep or insufficient evidence
   * @param reason in a sentence
   * @param gain share by which the layer time falls; null where there is too little evidence
   * @param leastGain share that it had to exceed
   * @param movedBytes null where no map was in force
   */
  record Decided(
      String command,
      String verdict,
      String reason,
      Double gain,
      Span gainSpan,
      double leastGain,
      Long movedBytes,
      double moveMicros) {}

  /**
   * Tokens that a plan sends between nodes, all layers together, each once to a node.
   *
   * @param tokens [source][node]; 0 on the diagonal
   */
  record Links(String plan, long[][] tokens) {}

  /**
   * What is written on the way from the map in force to the plan.
   *
   * @param layers by layer
   * @param bytesBetweenNodes [from][to]; on the diagonal what stays within a node
   * @param writes [layer, step, slot, expert, from slot, from GPU, GPU] each; no more than {@link
   *     MoveFigures#MOST_WRITES}
   * @param allWrites how many there are
   */
  record Moved(
      List<LayerMoved> layers, long[][] bytesBetweenNodes, int[][] writes, int allWrites) {}

  /**
   * The moves of a layer.
   *
   * @param writes slots written
   * @param steps in which they are
   * @param movedBytes weights that the new map has on GPUs which did not hold them; null if unknown
   * @param copiedBytes weights that travel, those parked for a while too
   */
  record LayerMoved(int writes, int steps, Long movedBytes, long copiedBytes) {}

  /**
   * A plan's figures.
   *
   * @param name as in {@code placement_metrics}
   * @param all over all layers; null where the table has single layers only
   * @param byLayer a figure a layer; an entry is null where the table has none
   */
  record Plan(String name, Score all, List<Score> byLayer) {}

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
   * @param movedBytes expert weights moved from the map in force; null where there is none
   * @param spans 95 % intervals; null for a single layer
   */
  record Score(
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

  /** Ends of a 95 % interval. */
  record Span(double low, double high) {}

  /** Intervals of a score's figures; null where there are too few micro-batches. */
  record Spans(
      Span remoteNodesPerToken,
      Span gpusPerToken,
      Span gpuLoad,
      Span nodeReceive,
      Span layerMicros) {}

  /**
   * The shape of the map.
   *
   * @param file the map's file name
   * @param slots physical slots a layer
   * @param replicated experts with more than one slot, summed over the layers
   */
  record PlacementSummary(String file, int slots, int replicated) {}

  /**
   * Tokens per [layer][expert].
   *
   * @param prefill null where the phase has no tokens
   * @param decode likewise
   * @param byDomain the domains with most tokens first
   * @param domains how many there are in all
   */
  record Load(long[][] prefill, long[][] decode, List<DomainLoad> byDomain, int domains) {}

  /**
   * How one domain loads the experts, both phases together.
   *
   * @param percent [layer][expert]: of the domain's mean over the experts of the layer
   */
  record DomainLoad(String name, long tokens, int[][] percent) {}

  /**
   * Largest expert load over the mean by layer, of each phase; null entries where there is none.
   */
  record Imbalance(List<Double> all, List<Double> prefill, List<Double> decode) {}

  /**
   * Correlation of prefill and decode expert counts of the same request.
   *
   * @param pearson by layer
   * @param spearman by layer
   * @param overall Pearson over all layers; null where there is none
   * @param byDomain Pearson of each domain over all layers; empty where there is none
   */
  record Correlation(
      List<Estimate> pearson,
      List<Estimate> spearman,
      Estimate overall,
      List<NamedEstimate> byDomain) {}

  /** A mean with its 95 % interval over n pairs. */
  record Estimate(Double value, Double low, Double high, long n) {}

  /** An estimate of a domain. */
  record NamedEstimate(String name, Estimate estimate) {}

  /**
   * How alike domains use the experts, mean over the layers.
   *
   * @param names in an order that puts like beside like
   * @param cosine [a][b], symmetric, 1 on the diagonal
   * @param jensenShannon [a][b] in bits, symmetric, 0 on the diagonal
   */
  record Domains(List<String> names, List<List<Double>> cosine, List<List<Double>> jensenShannon) {}

  /**
   * How far one day's use of the experts is from another's, mean over the layers.
   *
   * @param days ascending
   * @param totalVariation [a][b], symmetric, 0 on the diagonal: share of the tokens that would have
   *     to move to another expert
   * @param jensenShannon [a][b] in bits
   */
  record Drift(
      List<String> days, List<List<Double>> totalVariation, List<List<Double>> jensenShannon) {}

  /**
   * Where the experts live.
   *
   * @param nodes of as many GPUs each, GPUs counted through
   * @param experts [layer][gpu][slot], the logical expert
   */
  record ClusterMap(int nodes, List<List<List<Integer>>> experts) {}

  /**
   * A matrix product of the model.
   *
   * @param errors predicted relative Frobenius error of each recipe
   * @param gaussian what N(0,1) operands would give
   * @param safe whether every recipe keeps to the error
   * @param hazards what speaks against FP8 here; may be empty
   * @param mods what to change; may be empty
   */
  record Product(
      String site,
      Map<String, Double> errors,
      Double gaussian,
      boolean safe,
      String hazards,
      String mods) {}

  /**
   * The kernel for a product at a number of tokens.
   *
   * @param micros with the conversion of the activations
   * @param speedup over BF16
   * @param error relative Frobenius
   * @param losers why each other kernel was not taken
   */
  record Kernel(
      String site,
      int tokens,
      String recipe,
      String library,
      Double micros,
      Double speedup,
      Double error,
      String losers) {}
}
