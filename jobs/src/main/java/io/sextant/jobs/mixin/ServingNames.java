package io.sextant.jobs.mixin;

import io.sextant.schema.spec.ServingProfiles;
import java.util.Iterator;

/** The serving profiles, as candidates of an option. */
public final class ServingNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return ServingProfiles.names().iterator();
  }
}
