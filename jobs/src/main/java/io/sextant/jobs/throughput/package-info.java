/** What the time of a MoE layer is worth in tokens per second. */
package io.sextant.jobs.throughput;
