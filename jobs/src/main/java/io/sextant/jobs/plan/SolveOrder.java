package io.sextant.jobs.plan;

import io.sextant.jobs.group.GroupOrder;
import io.sextant.jobs.layers.PlanOrder;
import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.jobs.throughput.RestTime;
import io.sextant.placement.search.SolverSettings;
import java.util.Optional;

/**
 * The inputs of solve.
 *
 * @param settings length and objective of the search
 * @param group how requests are grouped; empty if they are not
 * @param current the map in force, to which the plan stays close; empty if there is none
 * @param unevenLayers whether layers may have different numbers of slots, with the same total
 * @param rest the time of a layer beside its experts; empty if it is not known
 */
public record SolveOrder(
    SolverSettings settings,
    Optional<GroupOrder> group,
    Optional<CurrentMap> current,
    boolean unevenLayers,
    Optional<RestTime> rest) {

  /** Without the time of a layer beside its experts. */
  public SolveOrder(
      SolverSettings settings,
      Optional<GroupOrder> group,
      Optional<CurrentMap> current,
      boolean unevenLayers) {
    this(settings, group, current, unevenLayers, Optional.empty());
  }

  /** The order for the plan without groups. */
  PlanOrder plan() {
    return PlanOrder.of(settings, current).uneven(unevenLayers);
  }

  /** The option that needs the experts of each token; empty if counts of tokens suffice. */
  Optional<String> optionThatNeedsTraces() {
    if (group.isPresent()) {
      return Optional.of("--group");
    }
    if (current.isPresent()) {
      return Optional.of("--current");
    }
    return unevenLayers ? Optional.of("--uneven-layers") : Optional.empty();
  }
}
