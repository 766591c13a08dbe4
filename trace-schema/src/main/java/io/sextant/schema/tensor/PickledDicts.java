package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import java.util.Map;

/** Sees each dict of a pickle when its items have been added. */
@FunctionalInterface
public interface PickledDicts {

  /**
   * @return what to keep instead, whose memory the caller accounts for; null to keep the dict
   * @throws CorruptTraceException if the dict shows that the file cannot be used
   */
  Object built(Map<Object, Object> dict) throws CorruptTraceException;
}
