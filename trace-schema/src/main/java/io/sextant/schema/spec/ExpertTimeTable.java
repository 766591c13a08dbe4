package io.sextant.schema.spec;

/**
 * Measured times of experts of one shape on one GPU of a cluster: gate and up, SwiGLU and down
 * projections of all its experts, one launch per projection.
 *
 * @param hidden width of the model
 * @param expertIntermediate width of an expert
 * @param precision {@code bf16} or {@code e4m3}
 * @param rows numbers of token rows over all experts, ascending
 * @param experts numbers of experts that have at least one row, ascending
 * @param micros times in microseconds, shape [experts, rows]
 */
public record ExpertTimeTable(
    int hidden,
    int expertIntermediate,
    String precision,
    int[] rows,
    int[] experts,
    double[][] micros) {}
