package io.sextant.notebooks;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The result of a query.
 *
 * @param columns names of the columns
 * @param rows a value for each column of each row; null if there is none
 * @param reason reason why the query could not run; null if it ran
 */
public record Rows(List<String> columns, List<List<Object>> rows, String reason) {
  Rows(List<String> columns, List<List<Object>> rows) {
    this(columns, rows, null);
  }

  /** The result of a query that could not run. */
  static Rows unavailable(String reason) {
    return new Rows(List.of(), List.of(), reason);
  }

  /** Why a column cannot be shown; null if it has a number. */
  String missing(String column) {
    if (reason != null) {
      return reason;
    }
    if (rows.isEmpty()) {
      return "the warehouse has no such rows";
    }
    return numbers(column).stream().anyMatch(Double::isFinite)
        ? null
        : "the traces of this warehouse do not give " + column;
  }

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

  /**
   * A table in HTML, which is what a notebook shows; numbers to the right, with four decimals. It
   * sets no colours, so it has those of the notebook's theme.
   */
  @Override
  public String toString() {
    if (reason != null || rows.isEmpty()) {
      return "<table><tbody><tr><td style='text-align:left'>Not available: %s.</td></tr></tbody></table>"
          .formatted(escaped(reason == null ? "the warehouse has no such rows" : reason));
    }
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
