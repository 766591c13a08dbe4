/**
 * Figures of how a model used its experts: load, imbalance, correlation of prefill and decode,
 * similarity of domains and days, co-activation. One pass counts ({@link
 * io.sextant.jobs.analyze.count.CountTask}); every figure is computed from those whole numbers, so
 * it is the same on any number of cores.
 */
package io.sextant.jobs.analyze;
