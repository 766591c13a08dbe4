package io.sextant.jobs.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The file that says which version is in force, and which other published versions are kept. It is
 * replaced atomically, so readers see either the old file or the new one. A version that it does
 * not name was never published or is no longer kept.
 *
 * @param version name of the version in force
 * @param kept names of the kept versions, including the one in force, oldest first
 */
record Pointer(String version, List<String> kept) {
  /** Name of the file in a model's folder. */
  static final String FILE = "CURRENT";

  private static final ObjectMapper JSON = new ObjectMapper();

  Pointer {
    kept = List.copyOf(kept);
  }

  /** The pointer after a publication, with the newest {@code keep} versions. */
  static Pointer published(Pointer before, String version, int keep) {
    List<String> kept = new ArrayList<>(before == null ? List.of() : before.kept());
    kept.add(version);
    return new Pointer(version, kept.subList(Math.max(0, kept.size() - keep), kept.size()));
  }

  byte[] toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", version);
    ArrayNode list = root.putArray("kept");
    kept.forEach(list::add);
    return (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static Pointer parse(byte[] json) throws IOException {
    try {
      JsonNode root = JSON.readTree(json);
      List<String> kept = new ArrayList<>();
      root.required("kept").forEach(version -> kept.add(version.textValue()));
      return new Pointer(root.required("version").textValue(), kept);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException("not a pointer: " + e.getMessage(), e);
    }
  }
}
