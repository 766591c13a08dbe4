package io.sextant.placement.capacity;

/**
 * The sequences for which the KV cache must have room.
 *
 * @param context tokens of prompt and answer of a sequence
 * @param sequences number of sequences at once, over all GPUs
 */
public record Promise(long context, long sequences) {}
