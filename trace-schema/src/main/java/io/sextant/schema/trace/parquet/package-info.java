/** Parquet rows of a token in a layer. */
package io.sextant.schema.trace.parquet;
