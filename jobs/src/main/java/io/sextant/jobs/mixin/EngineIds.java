package io.sextant.jobs.mixin;

import io.sextant.schema.placement.EngineFormat;
import java.util.Iterator;

/** The engines for which maps can be written, as candidates of an option. */
public final class EngineIds implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return EngineFormat.ids().iterator();
  }
}
