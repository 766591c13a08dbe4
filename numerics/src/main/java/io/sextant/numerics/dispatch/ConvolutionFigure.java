package io.sextant.numerics.dispatch;

/**
 * Time and error of one kernel for a convolution layer on the GPU.
 *
 * @param kernel {@code direct}, {@code f2}, {@code f4}, or {@code gemm}: a product by the library
 *     of the same size as in direct convolution, without the convolution's addressing
 * @param block tiles x outputs of a Winograd kernel's thread block; empty for the others
 * @param sparsity share of the weights' blocks that are omitted
 * @param timing time; null for {@code gemm} if the library refused the product
 * @param error relative Frobenius error of the GPU's output, relative to direct convolution with
 *     the unpruned weights in double; NaN for {@code gemm}
 * @param emulated the same error of the emulation on the CPU; NaN if there is none
 */
public record ConvolutionFigure(
    String layer,
    String kernel,
    String block,
    double sparsity,
    Timing timing,
    double error,
    double emulated) {}
