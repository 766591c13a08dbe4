package io.sextant.jobs.report.data;

import java.util.function.Function;

/**
 * A part of the report: its figures, or the reason if there are none.
 *
 * @param value the figures; null if there are none
 * @param note the reason if they are not available, else null
 */
public record Section<T>(T value, String note) {

  public static <T> Section<T> of(T value) {
    return new Section<>(value, null);
  }

  public static <T> Section<T> missing(String note) {
    return new Section<>(null, note);
  }

  public boolean available() {
    return value != null;
  }

  public <R> Section<R> map(Function<T, R> function) {
    return available() ? of(function.apply(value)) : missing(note);
  }
}
