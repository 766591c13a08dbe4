package io.sextant.jobs.precision;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sorts sites in natural order: block2 before block10. */
final class SiteOrder {
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  static final Comparator<String> NUMBERS_AS_NUMBERS =
      Comparator.comparing(SiteOrder::padded).thenComparing(Comparator.naturalOrder());

  private SiteOrder() {}

  private static String padded(String site) {
    return NUMBER
        .matcher(site)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    "0".repeat(Math.max(0, 10 - match.group().length())) + match.group()));
  }
}
