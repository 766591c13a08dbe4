package io.sextant.jobs.group;

import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.schema.spec.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The note that is printed if grouping made a plan worse. A request cannot be split between nodes,
 * so a request with most of the tokens keeps its node busy wherever it runs.
 */
public final class GroupedPlanNote {
  private GroupedPlanNote() {}

  /**
   * One line that ends in a line break; empty if no figure is worse.
   *
   * @param transport the transport whose traffic is compared
   * @param ungrouped scores of the plan without groups, on the same days
   * @param ungroupedFile name of the file that contains the plan without groups
   */
  public static String line(
      Transport transport,
      PlacementMetrics grouped,
      PlacementMetrics ungrouped,
      String ungroupedFile) {
    List<String> worse = new ArrayList<>();
    if (transport == Transport.PER_EXPERT) {
      add(
          worse,
          "remote sends/token %.4f instead of %.4f",
          grouped.remoteSendsPerToken(),
          ungrouped.remoteSendsPerToken());
    } else {
      add(
          worse,
          "remote nodes/token %.4f instead of %.4f",
          grouped.remoteNodesPerToken(),
          ungrouped.remoteNodesPerToken());
    }
    add(
        worse,
        "layer time %.2f instead of %.2f us",
        grouped.layerMicros(),
        ungrouped.layerMicros());
    return worse.isEmpty()
        ? ""
        : "note: the grouped plan scores worse than the one without groups on the same days: %s. %s is the plan without groups%n"
            .formatted(String.join(", ", worse), ungroupedFile);
  }

  /** A figure that is not available is NaN, which never counts as worse. */
  private static void add(List<String> worse, String text, double grouped, double ungrouped) {
    if (grouped > ungrouped) {
      worse.add(String.format(Locale.ROOT, text, grouped, ungrouped));
    }
  }
}
