package io.sextant.schema.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the information that engines put into file names only. */
public final class FileNames {
  public static final String UNKNOWN_DOMAIN = "unknown";

  /**
   * One number after words. The last word has a letter that is not a hexadecimal digit, so {@code
   * req12} and {@code request-12} match, but {@code cmpl-ab12} does not.
   */
  private static final Pattern NUMBERED =
      Pattern.compile("(?:\\D*[^\\da-zA-Z])?(?:[a-zA-Z]*[g-zG-Z][a-zA-Z]*)?(\\d{1,18})");

  private static final Pattern RANK = Pattern.compile("rank_?(\\d{1,6})");
  private static final Pattern SGLANG_TIME =
      Pattern.compile(
          "expert_distribution_(?:recorder_|rank\\d+_timestamp)(\\d{1,11})(?:\\.(\\d{1,9}))?");

  private FileNames() {}

  /** As {@link #idOf}, for the file's name without folders and extension. */
  public static long requestId(String path) {
    return idOf(TraceFiles.source(path));
  }

  /**
   * The number that a name ends in if it has no other digits, as in {@code request-1000}; otherwise
   * the first 63 bits of the SHA-256 of the whole name, so that different names, such as UUIDs,
   * have different ids.
   */
  public static long idOf(String name) {
    Matcher number = NUMBERED.matcher(name);
    return number.matches() ? Long.parseLong(number.group(1)) : hash(name);
  }

  /** The number that a name ends in if it has no other digits; empty if there is none. */
  public static String number(String name) {
    Matcher number = NUMBERED.matcher(name);
    return number.matches() ? number.group(1) : "";
  }

  /** The first 63 bits of the SHA-256 of a text. */
  public static long hash(String name) {
    byte[] hash = TraceFiles.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE;
  }

  /** The number after the word "rank", as in {@code rank3_raw.safetensors}; 0 if there is none. */
  public static int rank(String path) {
    Matcher rank = RANK.matcher(TraceFiles.source(path));
    return rank.find() ? Integer.parseInt(rank.group(1)) : 0;
  }

  /**
   * The time at which SGLang wrote the dump, from the seconds in its name; otherwise the time at
   * which the file was last written.
   */
  public static long sglangDumpMillis(TraceFile file) {
    String path = file.path();
    // Use the whole name: the text after the decimal point of the seconds is not an extension.
    Matcher time = SGLANG_TIME.matcher(path.substring(path.lastIndexOf('/') + 1));
    return time.find() ? Long.parseLong(time.group(1)) * 1000 : file.modifiedMillis();
  }
}
