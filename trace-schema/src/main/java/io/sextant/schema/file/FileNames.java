package io.sextant.schema.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What engines put into the names of their files and nowhere else. */
public final class FileNames {
  public static final String UNKNOWN_DOMAIN = "unknown";

  private static final Pattern LAST_NUMBER = Pattern.compile("(\\d{1,18})\\D*\\z");
  private static final Pattern RANK = Pattern.compile("rank_?(\\d{1,6})");
  private static final Pattern SGLANG_TIME =
      Pattern.compile(
          "expert_distribution_(?:recorder_|rank\\d+_timestamp)(\\d{1,11})(?:\\.(\\d{1,9}))?");

  private FileNames() {}

  /** The last number in the name, or, where it has none, the first 63 bits of its SHA-256. */
  public static long requestId(String path) {
    String name = TraceFiles.source(path);
    Matcher number = LAST_NUMBER.matcher(name);
    if (number.find()) {
      return Long.parseLong(number.group(1));
    }
    byte[] hash = TraceFiles.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE;
  }

  /** The rank after the word, as in {@code rank3_raw.safetensors}; 0 where there is none. */
  public static int rank(String path) {
    Matcher rank = RANK.matcher(TraceFiles.source(path));
    return rank.find() ? Integer.parseInt(rank.group(1)) : 0;
  }

  /** When SGLang wrote the dump, which its name says in seconds; else when it was last written. */
  public static long sglangDumpMillis(TraceFile file) {
    String path = file.path();
    // The whole name: what follows the seconds' point is no extension.
    Matcher time = SGLANG_TIME.matcher(path.substring(path.lastIndexOf('/') + 1));
    return time.find() ? Long.parseLong(time.group(1)) * 1000 : file.modifiedMillis();
  }
}
