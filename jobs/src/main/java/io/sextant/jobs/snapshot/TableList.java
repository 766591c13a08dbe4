package io.sextant.jobs.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of one table in a snapshot, which is a file of its own, so that a snapshot only writes
 * the lists of the tables that it changes.
 */
record TableList(List<Entry> files) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A file.
   *
   * @param file path below the warehouse of the bytes, which stay until the snapshot expires
   * @param shown path below the warehouse at which whoever does not read snapshots finds the bytes;
   *     the same as {@code file} for tables whose files are never replaced
   * @param bytes length
   */
  record Entry(String file, String shown, long bytes) {}

  TableList {
    files = List.copyOf(files);
  }

  /** One JSON object per line, which Spark and DuckDB read as they read a table. */
  byte[] toJson() throws JsonProcessingException {
    List<String> lines = new ArrayList<>();
    for (Entry entry : files) {
      lines.add(JSON.writeValueAsString(entry) + "\n");
    }
    return String.join("", lines).getBytes(StandardCharsets.UTF_8);
  }

  static TableList parse(byte[] json) throws IOException {
    List<Entry> files = new ArrayList<>();
    for (String line : new String(json, StandardCharsets.UTF_8).lines().toList()) {
      JsonNode entry = JSON.readTree(line);
      files.add(
          new Entry(
              entry.required("file").textValue(),
              entry.required("shown").textValue(),
              entry.required("bytes").longValue()));
    }
    return new TableList(files);
  }
}
