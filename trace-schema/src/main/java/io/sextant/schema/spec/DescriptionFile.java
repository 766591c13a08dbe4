package io.sextant.schema.spec;

/**
 * The file that a description comes from.
 *
 * @param kind {@code model}, {@code cluster}, {@code serving profile} or {@code packaging}
 * @param name the name or path with which it was asked for
 * @param path the file; the resource {@code conf/...} if the description is built in
 * @param origin where the file belongs
 */
public record DescriptionFile(String kind, String name, String path, Origin origin) {

  /** Where a description belongs. */
  public enum Origin {
    /** Part of the program. */
    BUILT_IN,
    /** The user's, with a name that is not built in, or with the same content. */
    OWN,
    /** The user's, used instead of a built-in one with the same name and another content. */
    REPLACES_BUILT_IN
  }

  /** The file for people: {@code "cluster 4x8-h200: conf/clusters/4x8-h200.yaml (built in)"}. */
  public String text() {
    return "%s %s: %s%s"
        .formatted(
            kind,
            name,
            path,
            switch (origin) {
              case BUILT_IN -> " (built in)";
              case OWN -> "";
              case REPLACES_BUILT_IN -> " (replaces the built-in one of this name)";
            });
  }
}
