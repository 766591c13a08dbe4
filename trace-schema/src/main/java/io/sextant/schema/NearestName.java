package io.sextant.schema;

import java.util.Collection;
import java.util.Locale;

/** Finds the name that a mistyped one probably stands for. */
public final class NearestName {
  private NearestName() {}

  /**
   * The beginning of a remedy: {@code "Did you mean sglang? "}; empty if no name is close.
   *
   * @param given the name that is not known
   * @param known the known names
   */
  public static String remedy(String given, Collection<String> known) {
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String name : known) {
      int edits = edits(given.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      boolean closerInLength =
          best != null
              && Math.abs(name.length() - given.length())
                  < Math.abs(best.length() - given.length());
      if (edits < least || (edits == least && closerInLength)) {
        least = edits;
        best = name;
      }
    }
    // A third of the letters may be wrong; in short names, one letter.
    return best != null && least <= Math.max(1, Math.min(given.length(), best.length()) / 3)
        ? "Did you mean " + best + "? "
        : "";
  }

  /** The Levenshtein distance of two words, in which a swap of two neighbours counts as one. */
  private static int edits(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
