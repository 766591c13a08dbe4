package io.sextant.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/**
 * The copies that SGLang's own function chose for maps of {@code placements}, recorded by running
 * it.
 *
 * @param first shape [gpus][experts]: the slots for the first layer
 * @param last the same for the last layer
 */
public record EngineAnswers(int[][] first, int[][] last) {

  /** Reads an answer; the name is that of its file. */
  public static EngineAnswers of(String name) throws IOException {
    try (InputStream in =
        EngineAnswers.class.getResourceAsStream("/placements/" + name + ".json")) {
      ObjectMapper json = new ObjectMapper();
      JsonNode root = json.readTree(in);
      return new EngineAnswers(
          json.treeToValue(root.get("first_layer_by_rank"), int[][].class),
          json.treeToValue(root.get("last_layer_by_rank"), int[][].class));
    }
  }
}
