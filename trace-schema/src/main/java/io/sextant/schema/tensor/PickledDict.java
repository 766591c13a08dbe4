package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A dict under construction, or the object with which {@link PickledDicts} replaced it. */
final class PickledDict {
  final Map<Object, Object> values = new LinkedHashMap<>();
  final long chargedBefore;
  final long sharedBefore;
  boolean shared;
  Object replacement;

  /**
   * @param chargedBefore bytes charged before the dict began
   * @param sharedBefore number of objects kept for references before the dict began
   */
  PickledDict(long chargedBefore, long sharedBefore) {
    this.chargedBefore = chargedBefore;
    this.sharedBefore = sharedBefore;
  }

  /**
   * Adds an item.
   *
   * @throws CorruptTraceException if the key is a container, which Python cannot hash either; the
   *     hash of a map that contains itself would never end
   */
  void put(Object key, Object value) throws CorruptTraceException {
    if (key instanceof PickledDict
        || key instanceof PickledList
        || key instanceof Map
        || key == PickleStack.MARK) {
      throw new CorruptTraceException("the pickle has a dict with an impossible key");
    }
    values.put(key, plain(value));
  }

  /** The object to store in containers for a value. */
  static Object plain(Object value) {
    if (value instanceof PickledDict dict) {
      return dict.replacement == null ? dict.values : dict.replacement;
    }
    return value;
  }
}
