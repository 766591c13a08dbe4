package io.sextant.jobs.mixin;

import io.sextant.schema.spec.RouterKnowledge;
import java.util.Iterator;

/** What a router may know of a request, as candidates of an option. */
public final class RouterNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return RouterKnowledge.ids().iterator();
  }
}
