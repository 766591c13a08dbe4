package io.sextant.schema.table;

/**
 * A column of a table.
 *
 * @param name lower snake case
 * @param type the kind of value
 * @param nullable whether a value may be missing
 * @param unit what the number counts or measures; empty where there is none
 * @param description what the value says
 */
public record Column(
    String name, ColumnType type, boolean nullable, String unit, String description) {}
