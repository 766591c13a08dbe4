package io.sextant.jobs.group;

import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.spec.RouterKnowledge;

/**
 * How requests are grouped.
 *
 * @param settings the solver settings of a whole plan, and what is minimised
 * @param router what the router knows of a request in service
 * @param asked whether the user asked for this router; if not, another takes its place if requests
 *     lack what it has to know
 */
public record GroupOrder(SolverSettings settings, RouterKnowledge router, boolean asked) {

  /** The same order for another router, which is kept. */
  GroupOrder with(RouterKnowledge other) {
    return new GroupOrder(settings, other, true);
  }
}
