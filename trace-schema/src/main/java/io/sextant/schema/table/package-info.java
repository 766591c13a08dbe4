/**
 * Definitions of the Parquet tables, by subject, each with the record that holds a row. The code
 * that writes and reads them is in another module.
 */
package io.sextant.schema.table;
