/**
 * Micro-batch grouping: requests that use the same experts run on the same node, nodes stay even,
 * and a request is routed from its prefill rows alone.
 */
package io.sextant.placement.grouping;
