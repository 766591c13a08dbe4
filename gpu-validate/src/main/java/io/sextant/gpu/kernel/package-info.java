/** Our own CUDA kernels: their sources as resources, compiled for the device that is found. */
package io.sextant.gpu.kernel;
