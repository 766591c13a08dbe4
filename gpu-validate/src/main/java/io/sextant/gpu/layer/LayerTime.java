package io.sextant.gpu.layer;

/**
 * Time of one layer in microseconds; each part is that of the GPU that takes longest.
 *
 * @param layer from the start of dispatch until all GPUs have their outputs
 * @param dispatch until a GPU has all its rows
 * @param experts products of a GPU's experts
 * @param combine from the end of all experts' work until all GPUs have their outputs
 * @param busiestExperts time of the experts on the GPU that takes longest over the mean of all GPUs
 */
public record LayerTime(
    double layer, double dispatch, double experts, double combine, double busiestExperts) {}
