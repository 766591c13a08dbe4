/**
 * Tables as columns: Parquet written and read from arrays, without a Spark job, without rows and
 * without boxing. Small tables are written from records, and queries are read into them ({@link
 * io.sextant.jobs.table.TypedRows}).
 */
package io.sextant.jobs.table;
