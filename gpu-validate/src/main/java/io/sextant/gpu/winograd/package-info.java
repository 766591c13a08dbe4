/**
 * Direct, dense Winograd and sparse Winograd convolution on a device: operands, times and errors.
 */
package io.sextant.gpu.winograd;
