/**
 * From the placement in force to a better one: GPUs renamed so that nothing moves needlessly, a
 * budget of moved weights shared over the layers, and the order in which weights are copied so that
 * every expert can be served all the time.
 *
 * <p>An expert <em>moves</em> if a GPU is to hold it and does not: the slots of one GPU share its
 * memory, so changing places among them moves nothing. Each moved expert costs its weight bytes
 * once.
 */
package io.sextant.placement.migration;
