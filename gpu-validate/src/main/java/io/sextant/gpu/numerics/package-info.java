/** Low-precision formats, bit for bit, on the CPU. */
package io.sextant.gpu.numerics;
