/**
 * NVIDIA's libraries that JCuda does not bind, through JNA: NVRTC, cuBLASLt, and the driver's
 * tensor maps. Any installed major version can be used.
 */
package io.sextant.gpu.library;
