/** What the numbers of a layer looked like: statistics of activations and weights, by site. */
package io.sextant.schema.stats;
