package io.sextant.jobs.serving;

import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlanInputs;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import io.sextant.schema.spec.ServingProfile;
import java.util.List;

/**
 * The model, cluster and serving profile for which a placement is planned and scored.
 *
 * @param model the model whose experts are placed
 * @param cluster the machines that serve it
 * @param layout the cluster's slots
 * @param sources the GPU on which each request runs
 * @param profile the rules under which the placement is served
 * @param pool the phases that the GPUs serve
 * @param packaging the packaging of the experts' weights
 */
public record PlanTarget(
    ModelSpec model,
    ClusterSpec cluster,
    SlotLayout layout,
    SourceNodes sources,
    ServingProfile profile,
    Pool pool,
    Packaging packaging) {
  private static final double BYTES_PER_MEGABYTE = 1e6;

  /**
   * The slots of a cluster.
   *
   * @param slots physical slots per layer, over all GPUs
   * @throws InvalidInputException if the slots do not spread evenly over the GPUs or do not fit the
   *     model
   */
  public static SlotLayout layout(ModelSpec model, ClusterSpec cluster, int slots) {
    if (model.moeLayers().isEmpty()) {
      throw InvalidInputException.of(
          "model " + model.name(),
          "it has no layer with experts, so there is nothing to place",
          "Name a mixture-of-experts model");
    }
    if (slots % cluster.gpus() != 0 || slots < model.experts()) {
      int minimum = (model.experts() + cluster.gpus() - 1) / cluster.gpus() * cluster.gpus();
      throw InvalidInputException.of(
          "--slots " + slots,
          "cannot hold %d experts evenly on %d GPUs".formatted(model.experts(), cluster.gpus()),
          "Give a multiple of %d, at least %d; the nearest is %d"
              .formatted(
                  cluster.gpus(), minimum, Math.max(minimum, nearest(slots, cluster.gpus()))));
    }
    SlotLayout layout =
        SlotLayout.of(cluster.nodes(), cluster.gpusPerNode(), slots)
            .on(
                new Topology(
                    cluster.nodeCost().orElse(List.of()), cluster.gpuSpeed().orElse(List.of())));
    if (layout.slotsPerGpu() > model.experts()) {
      throw InvalidInputException.of(
          "--slots " + slots,
          "a GPU would hold two copies of one of the %d experts".formatted(model.experts()),
          "Give at most %d".formatted(cluster.gpus() * model.experts()));
    }
    return layout;
  }

  private static long nearest(int slots, int gpus) {
    return Math.round((double) slots / gpus) * gpus;
  }

  /**
   * Checks that the solver can plan for the cluster; larger ones can only be scored.
   *
   * @throws InvalidInputException if it has too many nodes, or too many GPUs in a node
   */
  public void requirePlannable() {
    if (cluster.nodes() > LayerProblem.MOST_NODES
        || cluster.gpusPerNode() > LayerProblem.MOST_GPUS_PER_NODE) {
      throw InvalidInputException.of(
          "cluster " + cluster.name(),
          "%d nodes of %d GPUs are more than can be planned for as one group"
              .formatted(cluster.nodes(), cluster.gpusPerNode()),
          "Describe one expert-parallel group: at most %d nodes of %d GPUs"
              .formatted(LayerProblem.MOST_NODES, LayerProblem.MOST_GPUS_PER_NODE));
    }
  }

  /**
   * The same target for traces of some data-parallel ranks.
   *
   * @param ranks number of ranks that the traces name
   * @throws InvalidInputException if the cluster's description does not say where they run
   */
  public PlanTarget withRanks(int ranks) {
    return new PlanTarget(
        model, cluster, layout, SourceNodes.of(cluster, ranks), profile, pool, packaging);
  }

  /** The part of the target that Spark tasks need. */
  public LayerShape shape() {
    return new LayerShape(model, layout, sources, profile, pool);
  }

  /**
   * What the ids of plans for this target are made from.
   *
   * @param plannedFrom first day of the traces that plans are made from
   * @param plannedTo last day of these traces
   */
  public PlanInputs inputs(String plannedFrom, String plannedTo) {
    return new PlanInputs(cluster, profile, pool.label(), packaging.name(), plannedFrom, plannedTo);
  }

  /** Bytes of one expert's weights in the served packaging. */
  public long expertBytes() {
    return packaging.bytes(model.expertWeights());
  }

  /** What a batch costs on the cluster. */
  public CostModel costModel() {
    return CostModels.of(model, cluster, packaging);
  }

  /** A sentence that says the precision in which experts are planned, and who says so. */
  public String precision() {
    String described = model.packaging();
    String experts =
        "experts in %s, %.1f MB each"
            .formatted(packaging.name(), expertBytes() / BYTES_PER_MEGABYTE);
    if (described == null) {
      return experts
          + " (%s's description has no packaging; give --precision)".formatted(model.name());
    }
    return described.equals(packaging.name())
        ? experts
        : experts + " (%s's description says %s)".formatted(model.name(), described);
  }

  /** The placement of an engine without a map, on the target's slots. */
  public PlacementMap linear() {
    int[][] rows = new int[model.moeLayers().size()][];
    for (int l = 0; l < rows.length; l++) {
      rows[l] = LinearPlacement.place(model.experts(), layout.slots());
    }
    return map(rows);
  }

  /**
   * A placement of the model.
   *
   * @param slots shape [layers][slots]: the logical expert in each slot
   */
  public PlacementMap map(int[][] slots) {
    return new PlacementMap(model.name(), model.experts(), model.moeLayers(), slots);
  }
}
