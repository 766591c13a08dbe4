/**
 * Matrix products of a model: their shapes, the recipes they can be calculated under, and the
 * emulation and the error of each recipe on the CPU. Error figures are those of DeepGEMM and LoKA
 * (arXiv 2605.10886).
 */
package io.sextant.numerics.gemm;
