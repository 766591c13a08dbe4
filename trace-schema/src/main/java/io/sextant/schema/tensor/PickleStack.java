package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import java.util.ArrayList;
import java.util.List;

/** The stack of a pickle machine: values and marks. Taking more than is there is an error. */
final class PickleStack {
  /** Marks where the values of a container begin. */
  static final Object MARK = new Object();

  private final List<Object> values = new ArrayList<>();

  void push(Object value) {
    values.add(value);
  }

  int size() {
    return values.size();
  }

  Object get(int index) {
    return values.get(index);
  }

  void set(int index, Object value) {
    values.set(index, value);
  }

  Object peek() throws CorruptTraceException {
    require(values.size() - 1);
    return values.get(values.size() - 1);
  }

  Object pop() throws CorruptTraceException {
    require(values.size() - 1);
    return values.remove(values.size() - 1);
  }

  /** Removes the last mark and returns the index of the first value after it. */
  int popMark() throws CorruptTraceException {
    int at = values.lastIndexOf(MARK);
    require(at);
    values.remove(at);
    return at;
  }

  /** Removes and returns the values from an index on. */
  Object[] take(int from) throws CorruptTraceException {
    require(from);
    Object[] taken = values.subList(from, values.size()).toArray();
    cut(from);
    return taken;
  }

  /** Removes the values from an index on. */
  void cut(int from) {
    values.subList(from, values.size()).clear();
  }

  /**
   * @throws CorruptTraceException if the index is neither that of a value nor the end
   */
  void require(int index) throws CorruptTraceException {
    if (index < 0 || index >= values.size() + 1) {
      throw new CorruptTraceException("the pickle pops more values than it pushed");
    }
  }
}
