package io.sextant.jobs.storage;

import io.sextant.schema.InvalidInputException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises a local file that does not match the checksum file that Hadoop's client wrote beside
 * it: the file is damaged, or another program has replaced it and left the checksum file. Spark
 * reports failures of tasks as text, so the text is searched.
 */
public final class StaleChecksum {
  private static final Pattern ERROR =
      Pattern.compile(
          "Checksum error: (?:file:(?://(?=/))?)?(.+?) at \\d+(?: exp: |\n|$)", Pattern.DOTALL);

  private StaleChecksum() {}

  /** The wrong file; empty if the failure has another cause. */
  public static Optional<InvalidInputException> of(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Matcher matcher = ERROR.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        String file = matcher.group(1);
        return Optional.of(
            InvalidInputException.of(
                file,
                "it does not match its checksum file .%s.crc"
                    .formatted(file.substring(file.lastIndexOf('/') + 1)),
                "Restore it from a copy; if the file is right and the checksum file is older,"
                    + " remove the checksum file",
                thrown));
      }
    }
    return Optional.empty();
  }
}
