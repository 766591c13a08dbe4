package io.sextant.jobs.mixin;

import io.sextant.schema.spec.Packagings;
import java.util.Iterator;

/** The packagings, as candidates of an option. */
public final class PackagingNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Packagings.names().iterator();
  }
}
