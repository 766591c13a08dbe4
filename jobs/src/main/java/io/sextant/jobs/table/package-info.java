/**
 * How tables are written: Parquet column by column from arrays, without a Spark job, without rows
 * and without boxing.
 */
package io.sextant.jobs.table;
