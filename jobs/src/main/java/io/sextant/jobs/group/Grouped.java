package io.sextant.jobs.group;

import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.router.Router;

/**
 * A placement for groups of requests.
 *
 * @param map the placement
 * @param router the data with which a router sends requests to their groups
 */
public record Grouped(PlacementMap map, Router router) {}
