package io.sextant.jobs.report;

import java.util.function.Function;

/**
 * A part of the report: its figures, or why there are none.
 *
 * @param value the figures; null where there are none
 * @param note why they are not available; null where they are
 */
record Section<T>(T value, String note) {

  static <T> Section<T> of(T value) {
    return new Section<>(value, null);
  }

  static <T> Section<T> missing(String note) {
    return new Section<>(null, note);
  }

  boolean available() {
    return value != null;
  }

  <R> Section<R> map(Function<T, R> function) {
    return available() ? of(function.apply(value)) : missing(note);
  }
}
