/**
 * The solver of a layer: its phases, OptaPlanner's model of it, and plans that balance load alone.
 */
package io.sextant.placement.solve;
