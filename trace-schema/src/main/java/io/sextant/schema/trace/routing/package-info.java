/**
 * Arrays [tokens, layers, k] of expert ids that engines return with a request: missing rows,
 * positions and phases, and ids of physical slots.
 */
package io.sextant.schema.trace.routing;
