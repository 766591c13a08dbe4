package io.sextant.schema.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the information that engines put into file names only. */
public final class FileNames {
  public static final String UNKNOWN_DOMAIN = "unknown";

  /**
   * A number, or a number after one word. The word has a letter that is not a hexadecimal digit, so
   * {@code req12} and {@code request-12} match, but {@code ab12} and {@code cmpl-ab-12} do not:
   * they may be the end of a hexadecimal id, of which no digit may be lost.
   */
  private static final Pattern NUMBERED =
      Pattern.compile("(?:[a-zA-Z]*[g-zG-Z][a-zA-Z]*[-_. ]?)?(\\d{1,18})");

  private static final long SECONDS_PER_MINUTE = 60;

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
   * The number that a name consists of, if need be after one word, as in {@code request-1000};
   * otherwise the first 63 bits of the SHA-256 of the whole name, so that different names, such as
   * UUIDs, have different ids.
   */
  public static long idOf(String name) {
    Matcher number = NUMBERED.matcher(name);
    return number.matches() ? Long.parseLong(number.group(1)) : hash(name);
  }

  /** The number of a name that {@link #idOf} takes as its id; empty if there is none. */
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

  /** The time in the name of a dump of SGLang, as it is written; empty if there is none. */
  public static String sglangTime(String path) {
    Matcher time = SGLANG_TIME.matcher(path.substring(path.lastIndexOf('/') + 1));
    return time.find() ? time.group() : "";
  }

  /** The minute in the name of a dump of SGLang, since 1970; -1 if the name has no time. */
  public static long sglangMinute(String path) {
    Matcher time = SGLANG_TIME.matcher(path.substring(path.lastIndexOf('/') + 1));
    return time.find() ? Long.parseLong(time.group(1)) / SECONDS_PER_MINUTE : -1;
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
