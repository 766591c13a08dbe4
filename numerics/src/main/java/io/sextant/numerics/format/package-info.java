/**
 * Low-precision number formats on the CPU, bit for bit as on a GPU: BF16, binary16 (IEEE 754), E4M3
 * and E5M2 (OCP 8-bit Floating Point Specification 1.0), matrices with FP8 scales, and 2:4 sparse
 * operands.
 */
package io.sextant.numerics.format;
