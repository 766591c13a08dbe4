package io.sextant.notebooks;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a query gave.
 *
 * @param columns their names
 * @param rows a value a column; null where there is none
 */
public record Rows(List<String> columns, List<List<Object>> rows) {

  /** A column as text. */
  public List<String> texts(String column) {
    int at = index(column);
    return rows.stream().map(row -> Objects.toString(row.get(at), "")).toList();
  }

  /** A column as numbers; NaN where there is none. */
  public List<Double> numbers(String column) {
    int at = index(column);
    return rows.stream()
        .map(row -> row.get(at) instanceof Number number ? number.doubleValue() : Double.NaN)
        .toList();
  }

  /** The different values of a column, in the order in which they come. */
  public List<String> distinct(String column) {
    return List.copyOf(new LinkedHashSet<>(texts(column)));
  }

  /** The rows that have a value in a column. */
  public Rows where(String column, String value) {
    int at = index(column);
    return new Rows(
        columns,
        rows.stream().filter(row -> value.equals(Objects.toString(row.get(at), ""))).toList());
  }

  private int index(String column) {
    int at = columns.indexOf(column);
    if (at < 0) {
      throw new IllegalArgumentException("no column %s in %s".formatted(column, columns));
    }
    return at;
  }

  /** A table in HTML, which is what a notebook shows; numbers to the right, with four decimals. */
  @Override
  public String toString() {
    StringBuilder html = new StringBuilder("<table><thead><tr>");
    columns.forEach(column -> html.append("<th>").append(escaped(column)).append("</th>"));
    html.append("</tr></thead><tbody>");
    for (List<Object> row : rows) {
      html.append("<tr>");
      for (Object value : row) {
        html.append("<td style='text-align:")
            .append(value instanceof Number ? "right" : "left")
            .append("'>")
            .append(escaped(cell(value)))
            .append("</td>");
      }
      html.append("</tr>");
    }
    return html.append("</tbody></table>").toString();
  }

  private static String cell(Object value) {
    return value instanceof Double || value instanceof Float
        ? String.format(Locale.ROOT, "%.4f", ((Number) value).doubleValue())
        : Objects.toString(value, "");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
