/** Predicts what low precision does to a matrix product from statistics of its operands alone. */
package io.sextant.gpu.probe;
