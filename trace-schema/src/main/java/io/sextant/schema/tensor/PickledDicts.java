package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import java.util.Map;

/** Receives each dict of a pickle after its items have been added. */
@FunctionalInterface
public interface PickledDicts {

  /**
   * @return the object to keep instead, whose memory the caller accounts for; null to keep the dict
   * @throws CorruptTraceException if the dict shows that the file cannot be used
   */
  Object built(Map<Object, Object> dict) throws CorruptTraceException;
}
