package io.sextant.numerics.dispatch;

/**
 * Time and error of one kernel for a convolution layer on the GPU.
 *
 * @param kernel {@code direct}, {@code f2}, {@code f4}, or {@code gemm}: the library's product of
 *     the same size as direct convolution's, without its addressing
 * @param block tiles x outputs of a Winograd kernel's thread block; empty for the others
 * @param sparsity share of the weights' blocks that are left out
 * @param timing null for {@code gemm} if the library refused the product
 * @param error relative Frobenius error of the GPU's output against direct convolution in double of
 *     the unpruned weights; NaN for {@code gemm}
 * @param emulated the same of the emulation on the CPU; NaN without one
 */
public record ConvolutionFigure(
    String layer,
    String kernel,
    String block,
    double sparsity,
    Timing timing,
    double error,
    double emulated) {}
