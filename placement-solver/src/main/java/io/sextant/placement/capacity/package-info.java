/**
 * What fits into the memory of a cluster's GPUs: weights by part in a packaging, slots of experts,
 * and the KV cache that is left. Pure arithmetic on a model's description, without traces.
 */
package io.sextant.placement.capacity;
