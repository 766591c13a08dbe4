package io.sextant.schema.spec;

/**
 * What the experts of one shape were measured to take on one GPU of a cluster: gate and up, SwiGLU
 * and down of all its experts, one launch a projection.
 *
 * @param hidden width of the model
 * @param expertIntermediate width of an expert
 * @param precision {@code bf16} or {@code e4m3}
 * @param rows of tokens over all experts, ascending
 * @param experts that have a row, ascending
 * @param micros microseconds, shape [experts, rows]
 */
public record ExpertTimeTable(
    int hidden,
    int expertIntermediate,
    String precision,
    int[] rows,
    int[] experts,
    double[][] micros) {}
