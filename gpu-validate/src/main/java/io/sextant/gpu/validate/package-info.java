/** Checks that a device gives the results that the CPU's emulation predicts. */
package io.sextant.gpu.validate;
