/** Megatron-Core's router trace. */
package io.sextant.schema.trace.megatron;
