package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The range of releases that a fact applies to.
 *
 * @param from the first release; null if the range has no lower end
 * @param before the first release after the range; null if the range has no upper end
 */
record EngineVersions(@JsonProperty("from") String from, @JsonProperty("before") String before) {

  /**
   * @param version the version; null if it is not known
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
