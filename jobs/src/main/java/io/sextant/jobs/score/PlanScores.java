package io.sextant.jobs.score;

import io.sextant.placement.decision.MicroBatchSeries;
import io.sextant.placement.decision.PairedBootstrap;
import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.placement.evaluate.MicroBatchRecord;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.evaluate.PlacementTally;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.stats.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sums of every plan and layer, the figures computed from them, and their intervals. */
public final class PlanScores {
  private static final long BOOTSTRAP_SEED = 1;

  private final ServingProfile profile;
  private final int layers;
  private final Map<String, PlacementTally[]> tallies = new LinkedHashMap<>();
  private final Map<String, Optional<MicroBatchSeries>> series = new LinkedHashMap<>();
  private final Map<String, long[][]> sentTokens = new LinkedHashMap<>();
  private PairedBootstrap bootstrap;

  /**
   * @param parts tallies in order of time; layers and plans may be in any order
   */
  public PlanScores(ServingProfile profile, List<Plan> plans, int layers, List<PlanTally> parts) {
    this.profile = profile;
    this.layers = layers;
    Map<String, Map<String, MicroBatchRecord[]>> stretches = new LinkedHashMap<>();
    for (Plan plan : plans) {
      PlacementTally[] empty = new PlacementTally[layers];
      Arrays.fill(empty, PlacementTally.EMPTY);
      tallies.put(plan.name(), empty);
      sentTokens.put(plan.name(), new long[layers][]);
      stretches.put(plan.name(), new LinkedHashMap<>());
    }
    for (PlanTally part : parts) {
      PlacementTally[] sums = tallies.get(part.plan());
      sums[part.layerIndex()] = sums[part.layerIndex()].plus(part.tally());
      addSent(sentTokens.get(part.plan()), part.layerIndex(), part.sentTokens());
      stretches.get(part.plan())
              .computeIfAbsent(part.stretch(), stretch -> new MicroBatchRecord[layers])[
              part.layerIndex()] =
          part.microBatches();
    }
    stretches.forEach((plan, byStretch) -> series.put(plan, joined(byStretch)));
  }

  private static void addSent(long[][] byLayer, int layer, long[] more) {
    if (byLayer[layer] == null) {
      byLayer[layer] = new long[more.length];
    }
    for (int link = 0; link < more.length; link++) {
      byLayer[layer][link] += more[link];
    }
  }

  /**
   * Empty if a layer lacks tokens that another layer has, because then micro-batches do not
   * correspond.
   */
  private static Optional<MicroBatchSeries> joined(Map<String, MicroBatchRecord[]> byStretch) {
    List<MicroBatchRecord[]> inOrder = new ArrayList<>(byStretch.values());
    return inOrder.stream().allMatch(MicroBatchSeries::aligned)
        ? Optional.of(MicroBatchSeries.of(inOrder))
        : Optional.empty();
  }

  /** The scores of these plans only, in this order. */
  public PlanScores only(List<String> plans) {
    PlanScores some = new PlanScores(profile, List.of(), layers, List.of());
    for (String plan : plans) {
      some.tallies.put(plan, tallies.get(plan));
      some.series.put(plan, series.get(plan));
      some.sentTokens.put(plan, sentTokens.get(plan));
    }
    return some;
  }

  /** Names of the plans, in the order in which they were given. */
  public List<String> plans() {
    return List.copyOf(tallies.keySet());
  }

  /** The profile under which the plans were scored. */
  public ServingProfile profile() {
    return profile;
  }

  public int layers() {
    return layers;
  }

  /** Figures over all layers. */
  public PlacementMetrics metrics(String plan) {
    return Arrays.stream(tallies.get(plan))
        .reduce(PlacementTally.EMPTY, PlacementTally::plus)
        .metrics();
  }

  /** Figures of one layer. */
  public PlacementMetrics metrics(String plan, int layerIndex) {
    return tallies.get(plan)[layerIndex].metrics();
  }

  /**
   * Tokens that a layer sent between nodes; a token counts once per node.
   *
   * @return shape [nodes x nodes], source node first; null if the layer had no tokens
   */
  public long[] sentTokens(String plan, int layerIndex) {
    return sentTokens.get(plan)[layerIndex];
  }

  /**
   * A plan's measures in every complete micro-batch, in order of time; empty if the layers do not
   * have the same tokens.
   */
  public Optional<MicroBatchSeries> series(String plan) {
    return series.get(plan);
  }

  /**
   * The mean of a measure over the complete micro-batches and all layers, with its 95 % interval;
   * empty if there are fewer than two blocks of micro-batches or {@link #series} is empty.
   */
  public Optional<Estimate> interval(String plan, MicroBatchMeasure measure) {
    return series(plan)
        .filter(of -> of.microBatches() >= PairedBootstrap.LEAST_MICRO_BATCHES)
        .map(of -> bootstrap(of.microBatches()).mean(of.overLayers(measure)));
  }

  private PairedBootstrap bootstrap(int microBatches) {
    if (bootstrap == null) {
      bootstrap = PairedBootstrap.over(microBatches, BOOTSTRAP_SEED);
    }
    return bootstrap;
  }
}
