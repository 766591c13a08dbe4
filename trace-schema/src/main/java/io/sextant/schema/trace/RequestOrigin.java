package io.sextant.schema.trace;

import io.sextant.schema.file.FileNames;

/**
 * What a source says of a request beside the id that is stored.
 *
 * @param name the id as the source writes it, if the stored id is a hash of it; null if the stored
 *     id is the source's own number
 * @param pass the engine's number of the forward pass, step or iteration in which the request
 *     began; -1 if the source does not number passes. Ranks count passes alike, so it orders
 *     requests of several ranks that have the same arrival
 */
public record RequestOrigin(String name, long pass) {
  private static final long NOT_KNOWN = -1;

  /** The stored id is the source's own number, and passes are not numbered. */
  public static final RequestOrigin UNKNOWN = new RequestOrigin(null, NOT_KNOWN);

  /** A request whose id in the source is a text, for the id that {@link FileNames} gives it. */
  public static RequestOrigin named(String name, long requestId) {
    return FileNames.hash(name) == requestId ? new RequestOrigin(name, NOT_KNOWN) : UNKNOWN;
  }

  /** A request that began in a pass. */
  public static RequestOrigin inPass(long pass) {
    return new RequestOrigin(null, pass);
  }

  /** Whether the source numbers passes. */
  public boolean hasPass() {
    return pass != NOT_KNOWN;
  }
}
