package io.sextant.schema.table;

/** The kinds of values in the tables. */
public enum ColumnType {
  STRING,
  INT,
  LONG,
  DOUBLE,
  SHORT_ARRAY,
  INT_ARRAY,
  LONG_ARRAY,
  FLOAT_ARRAY
}
