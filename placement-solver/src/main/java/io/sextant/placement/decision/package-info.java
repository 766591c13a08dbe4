/**
 * Whether a new placement is worth moving to: held-out micro-batches, a paired block bootstrap over
 * them, the cost of moving, and a verdict in words.
 */
package io.sextant.placement.decision;
