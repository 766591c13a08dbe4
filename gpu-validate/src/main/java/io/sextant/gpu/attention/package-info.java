/** 2-simplicial attention and its rival: reference on the CPU, error and time on a device. */
package io.sextant.gpu.attention;
