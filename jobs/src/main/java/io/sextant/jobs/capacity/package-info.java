/** The command {@code capacity}: what fits on a cluster's GPUs. */
package io.sextant.jobs.capacity;
