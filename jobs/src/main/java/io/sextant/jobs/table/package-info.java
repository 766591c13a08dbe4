/**
 * Tables as columns: Parquet is written from arrays and read into arrays, without a Spark job,
 * without row objects and without boxing. Small tables are written from records, and queries are
 * read into them ({@link io.sextant.jobs.table.TypedRows}).
 */
package io.sextant.jobs.table;
