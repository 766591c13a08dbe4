package io.sextant.jobs.ingest;

import java.util.Arrays;

/** A set of {@link RequestIdentity} values: open addressing over an array, without boxing. */
final class IdentitySet {
  private static final int FIRST_ROOM = 64;

  /** Marks a free place; the value itself is kept apart. */
  private static final long FREE = 0;

  private long[] places = new long[FIRST_ROOM];
  private int taken;
  private boolean hasZero;

  static IdentitySet of(long[] identities) {
    IdentitySet set = new IdentitySet();
    for (long identity : identities) {
      set.add(identity);
    }
    return set;
  }

  /** Adds a value; returns whether it is new. */
  boolean add(long identity) {
    if (identity == FREE) {
      boolean isNew = !hasZero;
      hasZero = true;
      return isNew;
    }
    int place = place(identity);
    if (places[place] == identity) {
      return false;
    }
    places[place] = identity;
    taken++;
    if (2 * taken > places.length) {
      grow();
    }
    return true;
  }

  boolean contains(long identity) {
    return identity == FREE ? hasZero : places[place(identity)] == identity;
  }

  int size() {
    return taken + (hasZero ? 1 : 0);
  }

  /** The values, in no order. */
  long[] toArray() {
    long[] values = new long[size()];
    int count = 0;
    for (long value : places) {
      if (value != FREE) {
        values[count++] = value;
      }
    }
    return values; // a zero, if there is one, is the last element
  }

  private int place(long identity) {
    int mask = places.length - 1;
    int place = (int) (identity ^ (identity >>> 32)) & mask;
    while (places[place] != FREE && places[place] != identity) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow() {
    long[] before = places;
    places = new long[2 * before.length];
    Arrays.stream(before)
        .filter(value -> value != FREE)
        .forEach(value -> places[place(value)] = value);
  }
}
