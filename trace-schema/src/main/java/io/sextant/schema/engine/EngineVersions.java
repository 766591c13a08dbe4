package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The releases that a fact is about.
 *
 * @param from the first; null for all former ones
 * @param before the first that it is not about; null for all later ones
 */
record EngineVersions(@JsonProperty("from") String from, @JsonProperty("before") String before) {

  /**
   * @param version null if it is not known
   */
  Truth contains(EngineVersion version) {
    if (version == null) {
      return Truth.UNKNOWN;
    }
    return Truth.of(
        (from == null || version.compareTo(EngineVersion.parse("from", from)) >= 0)
            && (before == null || version.compareTo(EngineVersion.parse("before", before)) < 0));
  }
}
