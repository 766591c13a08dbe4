/**
 * Kernels from outside: a folder with compiled variants and a description, loaded through the
 * driver, checked against the emulation of its recipe and started with the operands of a product.
 */
package io.sextant.gpu.packaged;
