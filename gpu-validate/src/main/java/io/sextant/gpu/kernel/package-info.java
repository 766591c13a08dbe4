/** Our own CUDA kernels: their sources as resources, compiled for the device at run time. */
package io.sextant.gpu.kernel;
