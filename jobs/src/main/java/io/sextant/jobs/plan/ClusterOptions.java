package io.sextant.jobs.plan;

import io.sextant.jobs.score.CostModels;
import io.sextant.jobs.score.EvaluateJob;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The cluster that is planned for or scored on, and how tokens are batched there. */
public final class ClusterOptions {
  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "NAME",
      description = "A cluster of conf/clusters, or a path to a file like those.")
  private String cluster;

  @Option(
      names = "--source-ranks",
      defaultValue = "" + SourceNodes.DEFAULT_SOURCE_RANKS,
      paramLabel = "N",
      description = "Data-parallel ranks that served the traces (default ${DEFAULT-VALUE}).")
  private int sourceRanks;

  @Option(
      names = "--micro-batch",
      defaultValue = "" + LayerEvaluator.DEFAULT_MICRO_BATCH_TOKENS,
      paramLabel = "TOKENS",
      description =
          "Consecutive tokens over which load is averaged (default ${DEFAULT-VALUE}); an"
              + " incomplete last one is left out.")
  private int microBatchTokens;

  @Option(
      names = "--decode-step",
      defaultValue = "" + LayerEvaluator.DEFAULT_DECODE_STEP_TOKENS,
      paramLabel = "ROWS",
      description = "Decode rows of one step (default ${DEFAULT-VALUE}).")
  private int decodeStepTokens;

  public ClusterSpec cluster() {
    return ClusterSpecs.load(cluster);
  }

  /** Tokens over which load is averaged: a decode pool computes step by step. */
  public int microBatchTokens(Pool pool) {
    return pool == Pool.DECODE
        ? positive("--decode-step", decodeStepTokens)
        : positive("--micro-batch", microBatchTokens);
  }

  public SourceNodes sources() {
    return new SourceNodes(sourceRanks, cluster().nodes());
  }

  /**
   * @throws InvalidInputException where the slots do not spread evenly over the GPUs or do not fit
   *     the model
   */
  public SlotLayout layout(ModelSpec model, int slots) {
    ClusterSpec spec = cluster();
    if (slots % spec.gpus() != 0 || slots < model.experts()) {
      int least = (model.experts() + spec.gpus() - 1) / spec.gpus() * spec.gpus();
      throw InvalidInputException.of(
          "--slots " + slots,
          "cannot hold %d experts evenly on %d GPUs".formatted(model.experts(), spec.gpus()),
          "Take a multiple of %d, at least %d".formatted(spec.gpus(), least));
    }
    SlotLayout layout =
        SlotLayout.of(spec.nodes(), spec.gpusPerNode(), slots)
            .on(new Topology(spec.nodeCost().orElse(List.of()), spec.gpuSpeed().orElse(List.of())));
    if (layout.slotsPerGpu() > model.experts()) {
      throw InvalidInputException.of(
          "--slots " + slots,
          "a GPU would hold two copies of one of the %d experts".formatted(model.experts()),
          "Take at most %d".formatted(spec.gpus() * model.experts()));
    }
    return layout;
  }

  public EvaluateJob.Settings settings(
      ModelSpec model, SlotLayout layout, Map<Long, Integer> routes, Pool pool) {
    return new EvaluateJob.Settings(
        model,
        layout,
        sources(),
        routes,
        CostModels.of(model, cluster()),
        microBatchTokens(pool),
        positive("--decode-step", decodeStepTokens));
  }

  private static int positive(String option, int value) {
    if (value < 1) {
      throw InvalidInputException.of(option + " " + value, "it must be positive", "Give a number");
    }
    return value;
  }
}
