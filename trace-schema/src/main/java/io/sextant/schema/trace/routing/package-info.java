/**
 * Arrays [tokens, layers, k] of expert ids that engines return with a request: rows that are
 * missing, positions and phases, ids of physical slots.
 */
package io.sextant.schema.trace.routing;
