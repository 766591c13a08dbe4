/**
 * What the traces say about how a model used its experts: load, imbalance, correlation of prefill
 * and decode, likeness of domains and days, co-activation. One pass counts ({@link
 * io.sextant.jobs.analyze.count.CountTask}); every figure follows from those whole numbers, so that
 * it is the same on any number of cores.
 */
package io.sextant.jobs.analyze;
