package io.sextant.jobs.storage;

import io.sextant.schema.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Distinguishes names of local files from names on other storage. A local name is used literally: a
 * colon is not a scheme, {@code *} and {@code [} are not patterns and {@code %20} is not a space.
 */
public final class LocalPath {
  private static final String SCHEME = "file";

  /**
   * A colon alone is not enough for a scheme: {@code trace-2026-09-14T02:31:00} is a file's name.
   */
  private static final Pattern WITH_SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(?://[^/]*)?(/.*|)", Pattern.DOTALL);

  private LocalPath() {}

  /**
   * The local path that a text names.
   *
   * @param localByDefault whether a text without a scheme names a local path
   * @return absolute, without {@code .} and {@code ..}; empty if the text names other storage
   * @throws InvalidInputException if no file can have that name
   */
  public static Optional<Path> of(String text, boolean localByDefault) {
    if (text.isEmpty()) {
      throw InvalidInputException.of("\"\"", "the path is empty", "Name a file or folder");
    }
    Matcher scheme = WITH_SCHEME.matcher(text);
    if (scheme.matches() && scheme.group(1).equalsIgnoreCase(SCHEME)) {
      return Optional.of(path(text, scheme.group(2)));
    }
    boolean other = scheme.matches() && (text.contains("://") || !exists(text));
    return other || !localByDefault ? Optional.empty() : Optional.of(path(text, text));
  }

  /** A text for which {@link #of} returns the same path, whatever the default storage is. */
  public static String withScheme(Path path) {
    return SCHEME + ":" + path;
  }

  private static boolean exists(String text) {
    return text.indexOf('\0') < 0 && Files.exists(path(text, text), LinkOption.NOFOLLOW_LINKS);
  }

  private static Path path(String text, String name) {
    try {
      return Path.of(name).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw InvalidInputException.of(
          text,
          "it cannot be the name of a file: " + e.getReason(),
          "Check the name; if it has characters outside ASCII, set LC_ALL=C.UTF-8",
          e);
    }
  }
}
