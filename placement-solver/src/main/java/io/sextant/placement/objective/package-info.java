/**
 * The objective of a layer's plan and the states that follow it through changes.
 *
 * <p>Minimised is {@code remote nodes per token + w1 (max/mean GPU load - 1) + w2 (max/mean node
 * receive - 1)} ({@link io.sextant.placement.objective.ObjectiveWeights}; docs/adr/0004 says why
 * one sum). GPU load is the mean over micro-batches, node receive a figure of the whole sample.
 *
 * <p>{@link io.sextant.placement.objective.SlotState} computes all three after any change of slots:
 * traffic and receive exactly, load with even shares of an expert's copies where the evaluator lets
 * a hash decide. {@link io.sextant.placement.objective.GpuLoads} and {@link
 * io.sextant.placement.objective.BusiestGpus} answer what load would be, without making the change.
 */
package io.sextant.placement.objective;
