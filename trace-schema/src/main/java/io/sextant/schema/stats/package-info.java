/**
 * Statistics: what the activations and weights of a layer looked like, by site, and estimates with
 * their confidence intervals.
 */
package io.sextant.schema.stats;
