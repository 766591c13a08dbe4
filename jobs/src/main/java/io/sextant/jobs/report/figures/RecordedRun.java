package io.sextant.jobs.report.figures;

import io.sextant.schema.table.RunTables.RunRow;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the table of runs says about a run. */
record RecordedRun(String arguments, String descriptions) {
  private static final Pattern PACKAGING = Pattern.compile("(?:^|; )packaging (.+?): ");
  private static final Pattern MOST_ERROR =
      Pattern.compile("(?:^| )--max-error[= ]([0-9.eE+-]+)(?: |$)");

  static RecordedRun of(RunRow row) {
    return new RecordedRun(row.arguments(), row.descriptions() == null ? "" : row.descriptions());
  }

  /** Name of the packaging that the run planned for; empty if the run recorded none. */
  Optional<String> packaging() {
    return first(PACKAGING, descriptions);
  }

  /**
   * The error above which {@code probe} calls a product unsafe.
   *
   * @param usual the error if the command line does not name one
   */
  double mostError(double usual) {
    return first(MOST_ERROR, arguments).map(Double::valueOf).orElse(usual);
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }
}
