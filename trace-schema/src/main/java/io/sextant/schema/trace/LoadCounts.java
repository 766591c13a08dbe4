package io.sextant.schema.trace;

/**
 * What an engine counted instead of tracing: tokens of each expert in one step or iteration. Which
 * experts a token chose together is lost, and with it the traffic.
 *
 * @param step the engine's number of it
 * @param arrivalMillis when, ms since 1970 UTC
 * @param layers absolute ids of the layers counted, ascending
 * @param tokens shape [layers][experts]: tokens that chose each logical expert
 */
public record LoadCounts(long step, long arrivalMillis, int[] layers, long[][] tokens) {}
