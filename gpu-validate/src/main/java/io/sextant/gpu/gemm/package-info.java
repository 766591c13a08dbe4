/** The matrix products of a model, each with every kernel that could calculate it. */
package io.sextant.gpu.gemm;
