package io.sextant.schema.trace;

/**
 * The counts of an engine that does not trace: tokens per expert in one step or iteration. They do
 * not tell which experts a token chose together, so the traffic cannot be calculated from them.
 *
 * @param step the engine's number of the step
 * @param arrivalMillis time of the step, milliseconds since 1970 UTC
 * @param layers absolute ids of the counted layers, ascending
 * @param tokens number of tokens that chose each logical expert, shape [layers][experts]
 */
public record LoadCounts(long step, long arrivalMillis, int[] layers, long[][] tokens) {}
