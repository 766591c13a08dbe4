/**
 * Searches for one layer: node division, copies, packing and slot annealing, on exact or surrogate
 * scores.
 */
package io.sextant.placement.search;
