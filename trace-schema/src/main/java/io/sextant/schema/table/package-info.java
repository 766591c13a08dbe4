/** The Parquet tables as plain definitions; what writes and reads them is elsewhere. */
package io.sextant.schema.table;
