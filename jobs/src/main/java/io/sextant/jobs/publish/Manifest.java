package io.sextant.jobs.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.schema.placement.PlacementMaps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The list of a version's files. It is written after all the files that it names, so a version is
 * complete if its manifest exists and agrees with the files.
 *
 * @param version name of the version
 * @param parent the version that was in force when this one was published; null if there was none
 * @param planId id of the version's plan; null if its placement names none
 * @param publishedAt time of publication, ISO 8601 in UTC
 * @param files the files, by name
 */
record Manifest(
    String version, String parent, String planId, String publishedAt, List<Entry> files) {
  /** Name of the manifest in a version's folder. */
  static final String FILE = "manifest.json";

  private static final String PLACEMENT_FILE = "placement.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A file: name relative to the version's folder, length and SHA-256 in hex. */
  record Entry(String name, long bytes, String sha256) {}

  Manifest {
    files = List.copyOf(files);
  }

  static Manifest of(
      String version, String parent, String publishedAt, SortedMap<String, byte[]> contents) {
    List<Entry> files = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      files.add(new Entry(file.getKey(), file.getValue().length, sha256(file.getValue())));
    }
    byte[] placement = contents.getOrDefault(PLACEMENT_FILE, new byte[0]);
    String planId =
        PlacementMaps.origin(PLACEMENT_FILE, placement)
            .map(origin -> origin.id().value())
            .orElse(null);
    return new Manifest(version, parent, planId, publishedAt, files);
  }

  byte[] toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", version)
        .put("parent", parent)
        .put("plan_id", planId)
        .put("published_at", publishedAt);
    ArrayNode list = root.putArray("files");
    for (Entry file : files) {
      list.addObject()
          .put("name", file.name())
          .put("bytes", file.bytes())
          .put("sha256", file.sha256());
    }
    return (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws IOException if the text is not a manifest
   */
  static Manifest parse(byte[] json) throws IOException {
    try {
      JsonNode root = JSON.readTree(json);
      List<Entry> files = new ArrayList<>();
      for (JsonNode file : root.required("files")) {
        files.add(
            new Entry(
                file.required("name").textValue(),
                file.required("bytes").longValue(),
                file.required("sha256").textValue()));
      }
      return new Manifest(
          root.required("version").textValue(),
          root.required("parent").textValue(),
          root.path("plan_id").textValue(),
          root.required("published_at").textValue(),
          files);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException("not a manifest: " + e.getMessage(), e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
