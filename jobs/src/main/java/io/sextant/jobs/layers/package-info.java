/** Plans every MoE layer from a sample of traces, one Spark task per layer. */
package io.sextant.jobs.layers;
