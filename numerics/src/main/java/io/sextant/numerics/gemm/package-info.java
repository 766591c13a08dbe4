/**
 * Matrix products of a model: their shapes, the recipes with which they can be calculated, and the
 * emulation and error of each recipe on the CPU. The error figures are those of DeepGEMM and LoKA
 * (arXiv 2605.10886).
 */
package io.sextant.numerics.gemm;
