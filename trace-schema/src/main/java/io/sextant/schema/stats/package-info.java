/**
 * Statistics of the activations and weights of a layer, by site, and estimates with their
 * confidence intervals.
 */
package io.sextant.schema.stats;
