package io.sextant.jobs.group;

import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.spec.RouterKnowledge;

/**
 * How requests are grouped.
 *
 * @param settings the solver settings of a whole plan, and what is minimised
 * @param router what the router knows of a request in service
 */
public record GroupOrder(SolverSettings settings, RouterKnowledge router) {}
