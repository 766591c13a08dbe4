package io.sextant.jobs.analyze;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Locale;

/**
 * What prefill is compared with decode in.
 *
 * @param kind each request, each batch (requests of one day and hour), a domain as a whole, or each
 *     request of one source
 * @param name the domain or source; else all
 */
record Comparison(Kind kind, String name) implements Comparable<Comparison>, Serializable {
  static final Comparison REQUESTS = new Comparison(Kind.REQUEST, "all");
  static final Comparison BATCHES = new Comparison(Kind.BATCH, "all");

  private static final Comparator<Comparison> ORDER =
      Comparator.comparing(Comparison::kind).thenComparing(Comparison::name);

  /** The scopes of the table. */
  enum Kind {
    REQUEST,
    BATCH,
    DOMAIN,
    SOURCE
  }

  /** The scope as the table writes it. */
  String label() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public int compareTo(Comparison other) {
    return ORDER.compare(this, other);
  }
}
