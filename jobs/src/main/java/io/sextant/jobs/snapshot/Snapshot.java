package io.sextant.jobs.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The state of the tables after a command.
 *
 * @param number number of the snapshot, from 1
 * @param committed time of the commit
 * @param lists name of the file with the {@link TableList} of each table
 */
record Snapshot(long number, Instant committed, NavigableMap<String, String> lists) {
  static final Snapshot NONE = new Snapshot(0, Instant.EPOCH, new TreeMap<>());

  private static final ObjectMapper JSON = new ObjectMapper();

  byte[] toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("snapshot", number).put("committed", committed.toString());
    ObjectNode tables = root.putObject("tables");
    lists.forEach(tables::put);
    return (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static Snapshot parse(byte[] json) throws IOException {
    JsonNode root = JSON.readTree(json);
    NavigableMap<String, String> lists = new TreeMap<>();
    root.required("tables")
        .properties()
        .forEach(table -> lists.put(table.getKey(), table.getValue().textValue()));
    return new Snapshot(
        root.required("snapshot").longValue(),
        Instant.parse(root.required("committed").textValue()),
        lists);
  }
}
