package io.sextant.jobs.group;

import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.RouterTable;

/**
 * A placement for groups of requests.
 *
 * @param map the placement
 * @param router what a router needs to keep to the groups
 */
public record Grouped(PlacementMap map, RouterTable router) {}
