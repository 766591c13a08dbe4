/** Timing of work on a device. */
package io.sextant.gpu.measure;
