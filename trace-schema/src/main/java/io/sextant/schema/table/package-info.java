/**
 * The Parquet tables as plain definitions, by subject, each with the record that holds a row; what
 * writes and reads them is elsewhere.
 */
package io.sextant.schema.table;
