/**
 * A whole expert-parallel MoE layer on the GPUs of a host: dispatch, the experts of every GPU, and
 * combine, for the routing of real micro-batches.
 */
package io.sextant.gpu.layer;
