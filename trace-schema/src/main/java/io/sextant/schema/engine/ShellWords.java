package io.sextant.schema.engine;

import io.sextant.schema.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** Splits a command line as a POSIX shell does, without expanding anything. */
final class ShellWords {
  private ShellWords() {}

  /**
   * @param where the name of the text, for messages
   * @throws InvalidInputException if a quote is not closed
   */
  static List<String> split(String where, String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = null;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      boolean plain = quote == 0;
      if (plain && Character.isWhitespace(next)) {
        if (word != null) {
          words.add(word.toString());
        }
        word = null;
        continue;
      }
      word = word == null ? new StringBuilder() : word;
      if (plain ? next == '\'' || next == '"' : next == quote) {
        quote = plain ? next : 0;
      } else if (next == '\\' && quote != '\'' && i + 1 < text.length()) {
        i++;
        // A backslash before the end of a line continues it.
        if (text.charAt(i) != '\n') {
          word.append(text.charAt(i));
        }
      } else {
        word.append(next);
      }
    }
    if (quote != 0) {
      throw InvalidInputException.of(
          where, "a " + quote + " is not closed", "Close it, or quote the whole as for a shell");
    }
    if (word != null) {
      words.add(word.toString());
    }
    return words;
  }
}
