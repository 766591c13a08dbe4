package io.sextant.jobs.plan;

import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.jobs.solve.PlanOrder;
import io.sextant.placement.search.SolverSettings;
import java.util.Optional;

/**
 * What solve is asked for.
 *
 * @param settings how long to search, and for what
 * @param groupSettings how placements for groups of requests are solved; empty if requests are not
 *     grouped
 * @param current the map in force, to stay close to
 * @param unevenLayers whether layers may have different numbers of slots, as many in all
 */
public record SolveOrder(
    SolverSettings settings,
    Optional<SolverSettings> groupSettings,
    Optional<CurrentMap> current,
    boolean unevenLayers) {

  /** What is planned without groups. */
  PlanOrder plan() {
    return PlanOrder.of(settings, current).uneven(unevenLayers);
  }

  /** The option that needs the experts of each token; empty if counts of tokens suffice. */
  Optional<String> optionThatNeedsTraces() {
    if (groupSettings.isPresent()) {
      return Optional.of("--group");
    }
    if (current.isPresent()) {
      return Optional.of("--current");
    }
    return unevenLayers ? Optional.of("--uneven-layers") : Optional.empty();
  }
}
