/** Exact figures of a placement on tokens: traffic, balance, activated experts, predicted time. */
package io.sextant.placement.evaluate;
