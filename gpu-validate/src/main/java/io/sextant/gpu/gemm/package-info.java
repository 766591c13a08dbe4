/** The matrix products of a model, measured with every kernel that can calculate them. */
package io.sextant.gpu.gemm;
