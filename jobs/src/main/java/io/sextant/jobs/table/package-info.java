/**
 * Tables as columns: Parquet written and read from arrays, without a Spark job, without rows and
 * without boxing.
 */
package io.sextant.jobs.table;
