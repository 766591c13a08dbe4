/**
 * NVIDIA's libraries that JCuda does not bind, through JNA: NVRTC, cuBLASLt, and the driver's
 * tensor maps. Whichever major version is installed is used.
 */
package io.sextant.gpu.library;
