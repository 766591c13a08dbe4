package io.sextant.jobs.layers;

import io.sextant.schema.placement.PlacementMap;
import java.util.List;

/**
 * The plans for several numbers of slots.
 *
 * @param order the numbers of slots
 * @param maps the plan for each of them
 * @param cpuSeconds CPU seconds of all layers for each of them
 */
public record SweptPlans(SweepOrder order, List<PlacementMap> maps, List<Double> cpuSeconds) {}
