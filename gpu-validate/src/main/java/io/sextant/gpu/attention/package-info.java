/** 2-simplicial attention and dot-product attention on a device: their outputs and their times. */
package io.sextant.gpu.attention;
