/** Measures all kernels for a model's products, those of kernel packages in their own process. */
package io.sextant.jobs.gpu.kernels;
