package io.sextant.schema.table;

/**
 * A column of a table.
 *
 * @param name lower snake case
 * @param type the kind of value
 * @param nullable whether a value may be missing
 * @param unit the unit of the number; empty if there is none
 * @param description the meaning of the value
 */
public record Column(
    String name, ColumnType type, boolean nullable, String unit, String description) {

  /** The name of the record component that holds the column: {@code runId} for {@code run_id}. */
  public String component() {
    return component(name);
  }

  /** As {@link #component()}, for a column's name; a name without underscores stays the same. */
  public static String component(String name) {
    StringBuilder component = new StringBuilder(name.length());
    boolean begins = false;
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      if (letter == '_') {
        begins = true;
      } else {
        component.append(begins ? Character.toUpperCase(letter) : letter);
        begins = false;
      }
    }
    return component.toString();
  }
}
