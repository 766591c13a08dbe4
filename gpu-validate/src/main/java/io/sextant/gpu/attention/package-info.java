/** Outputs and times of 2-simplicial attention and dot-product attention on a device. */
package io.sextant.gpu.attention;
