package io.sextant.jobs.storage;

import io.sextant.schema.InvalidInputException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Distinguishes a table's file that is no longer valid Parquet from a bug. Spark reports failures
 * of tasks as text, so the text is searched.
 */
public final class DamagedTable {
  private static final Pattern FILE =
      Pattern.compile(
          "(?:Encountered error while reading file (?<read>[^\n]+?)\\. +SQLSTATE"
              + "|(?:^|: )(?<other>(?:\\w+:)?/[^\n]+?) is not a Parquet file"
              + "|Can not read value at [^\n]*? in file (?<value>[^\n]+))",
          Pattern.MULTILINE);

  private DamagedTable() {}

  /** The line for a failure that is a damaged file; empty if it is something else. */
  public static Optional<String> line(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Matcher matcher = FILE.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        return Optional.of(
            InvalidInputException.of(
                    path(matcher),
                    "the file is damaged; it cannot be read as Parquet",
                    "Restore it from a copy, or ingest its traces into a new warehouse")
                .getMessage());
      }
    }
    return Optional.empty();
  }

  /** A local path without its scheme, as the user would write it. */
  private static String path(Matcher matcher) {
    for (String group : new String[] {"read", "other", "value"}) {
      if (matcher.group(group) != null) {
        return matcher.group(group).strip().replaceFirst("^file:(//(?=/))?", "");
      }
    }
    throw new IllegalStateException("a match has one of the groups");
  }
}
