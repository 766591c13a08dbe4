package io.sextant.schema.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A list of a pickle, compact as long as its values are 32-bit integers. */
public final class PickledList {
  private static final int REFERENCE_BYTES = 32;

  private int[] numbers = {};
  private int count;
  private List<Object> values;
  private boolean shared;

  /** Creates a list of these values. */
  static PickledList of(Object[] values) {
    PickledList list = new PickledList();
    for (Object value : values) {
      list.add(value);
    }
    return list;
  }

  /** Marks the list as referenced by other parts of the pickle. */
  void share() {
    shared = true;
  }

  boolean isShared() {
    return shared;
  }

  public void add(Object value) {
    if (values == null && value instanceof Long number && number == number.intValue()) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, Math.max(4, 2 * count));
      }
      numbers[count++] = number.intValue();
      return;
    }
    if (values == null) {
      values = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        values.add((long) numbers[i]);
      }
      numbers = new int[0];
      count = 0;
    }
    values.add(value);
  }

  /** Approximate memory of the list itself. */
  public long bytes() {
    return (long) Integer.BYTES * numbers.length
        + (values == null ? 0 : (long) REFERENCE_BYTES * values.size());
  }

  /**
   * The values as integers; null if any value is not an integer.
   *
   * @return a copy
   */
  public int[] numbers() {
    return values == null ? Arrays.copyOf(numbers, count) : null;
  }

  /** The values; integers as {@link Long}s. */
  public List<Object> values() {
    if (values != null) {
      return values;
    }
    return Arrays.stream(numbers, 0, count).<Object>mapToObj(number -> (long) number).toList();
  }
}
