/** Sextant's own pack: many requests in one safetensors file. */
package io.sextant.schema.trace.pack;
