/** Parquet files with one row per token and layer. */
package io.sextant.schema.trace.parquet;
