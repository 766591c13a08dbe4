package io.sextant.placement.copies;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import java.util.ArrayList;
import java.util.List;

/** How an engine dispatches the tokens of one layer: its slots, and the rule for its copies. */
public final class LayerDispatch {
  private final CopyRule rule;
  private final SlotLayout layout;
  private final CopyTable copies;

  /** The choice for each source GPU under {@link CopyRule#NEAREST}, else null. */
  private final CopyViews nearest;

  private LayerDispatch(CopyRule rule, SlotLayout layout, CopyTable copies, CopyViews nearest) {
    this.rule = rule;
    this.layout = layout;
    this.copies = copies;
    this.nearest = nearest;
  }

  /**
   * The dispatch of a layer that is the only one of its map. Under {@link CopyRule#NEAREST}, the
   * copies for GPUs without a near one are drawn as for the first layer.
   *
   * @param slotToExpert the logical expert in each physical slot
   * @throws IllegalArgumentException if an expert has no slot or the slots do not fit the layout
   */
  public static LayerDispatch of(
      CopyRule rule, SlotLayout layout, int[] slotToExpert, int experts) {
    if (slotToExpert.length != layout.slots()) {
      throw new IllegalArgumentException(
          "The layer has %d slots but the cluster %d"
              .formatted(slotToExpert.length, layout.slots()));
    }
    return ofMap(rule, layout, new int[][] {slotToExpert}, experts).get(0);
  }

  /**
   * The dispatch of every row of a map.
   *
   * @param layout the cluster; rows may have another number of slots
   * @param rows shape [rows][slots]: the logical expert in each physical slot, for every row that
   *     the engine loads, in its order
   * @throws IllegalArgumentException if an expert has no slot or the slots do not fit the cluster
   */
  public static List<LayerDispatch> ofMap(
      CopyRule rule, SlotLayout layout, int[][] rows, int experts) {
    List<CopyViews> nearest =
        rule == CopyRule.NEAREST
            ? NearestCopies.of(rows, experts, layout.nodes(), layout.gpusPerNode())
            : null;
    List<LayerDispatch> layers = new ArrayList<>();
    for (int r = 0; r < rows.length; r++) {
      layers.add(
          new LayerDispatch(
              rule,
              layout.withSlots(rows[r].length),
              CopyTable.of(rows[r], experts),
              nearest == null ? null : nearest.get(r)));
    }
    return layers;
  }

  public SlotLayout layout() {
    return layout;
  }

  public CopyTable copies() {
    return copies;
  }

  /** A chooser for one sequence of rows. */
  public CopyChooser chooser() {
    int gpus = layout.gpus();
    if (copies.slot().length == copies.experts()) {
      return new SourceChooser(CopyViews.byNumber(copies, 1));
    }
    return switch (rule) {
      case NEAREST -> new SourceChooser(nearest);
      case RANK ->
          new SourceChooser(
              CopyViews.byNumber(copies, (int) Math.min(CopyViews.period(copies), gpus)));
      case TOKEN_HASH -> new TokenHashChooser(copies, gpus);
      case ROUND_ROBIN -> new RoundRobinChooser(copies, gpus);
      case RANDOM -> HashChooser.ofAll(copies);
      case IDEAL -> HashChooser.ofNode(copies, layout);
      case LP ->
          new BalancedChooser(copies, BalancedShares.toChooseBy(copies, layout.slotsPerGpu()));
    };
  }

  /** Finds the least load of the busiest GPU that any choice of copies could reach. */
  public BalancedShares leastLoad() {
    return BalancedShares.forBound(copies, layout.slotsPerGpu());
  }
}
