/** Checks that what the CPU predicts of a device is what the device does. */
package io.sextant.gpu.validate;
