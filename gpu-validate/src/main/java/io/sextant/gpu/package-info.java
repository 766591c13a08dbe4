/** What runs on a GPU. Everything CUDA is reached from here, through JCuda's driver API. */
package io.sextant.gpu;
