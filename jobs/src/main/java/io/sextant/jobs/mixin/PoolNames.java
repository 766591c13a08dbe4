package io.sextant.jobs.mixin;

import io.sextant.jobs.window.Pool;
import java.util.Iterator;

/** The pools, as candidates of an option. */
public final class PoolNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Pool.labels().iterator();
  }
}
