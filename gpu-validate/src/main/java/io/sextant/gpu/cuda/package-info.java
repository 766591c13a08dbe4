/**
 * The CUDA device: its context, memory, streams, kernels and clocks, through JCuda's driver API. No
 * CUDA toolkit is needed, only the driver.
 */
package io.sextant.gpu.cuda;
