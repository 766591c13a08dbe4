package io.sextant.schema.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Placement maps as JSON. Ours is {@code {"model", "experts", "layers": [absolute ids],
 * "physical_to_logical_map": [[...]]}}; that of SGLang has the last key alone, so that the model
 * has to be given with it. The text is the same for the same map, a row a line.
 */
public final class PlacementMaps {
  static final String MAP = "physical_to_logical_map";

  private static final String MODEL = "model";
  private static final String EXPERTS = "experts";
  private static final String LAYERS = "layers";
  private static final int MOST_EXPERTS = Short.MAX_VALUE;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PlacementMaps() {}

  /**
   * Reads a map of either kind.
   *
   * @param model the model it must be for; null takes what the file says
   * @throws InvalidInputException naming the file and what is wrong; whether the map is complete is
   *     for {@link PlacementMap#requireUsable}
   */
  public static PlacementMap read(Path file, ModelSpec model) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in, model);
    } catch (NoSuchFileException e) {
      throw InvalidInputException.of(
          file.toString(), "there is no such file", "Name a placement map", e);
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(), "cannot be read: " + e.getMessage(), "Check the file", e);
    }
  }

  /**
   * As {@link #read(Path, ModelSpec)}, from any storage.
   *
   * @param where the file, for messages
   * @throws IOException where the storage fails
   */
  public static PlacementMap read(String where, InputStream in, ModelSpec model)
      throws IOException {
    JsonNode root = tree(where, in);
    int[][] slots = slots(where, root);
    return root.has(LAYERS) || root.has(EXPERTS) || root.has(MODEL)
        ? ours(where, root, slots, model)
        : bare(where, slots, model);
  }

  /** The rows alone. */
  static int[][] slots(String where, InputStream in) throws IOException {
    return slots(where, tree(where, in));
  }

  /** Writes our own JSON. */
  public static void write(Path file, PlacementMap map) throws IOException {
    Files.writeString(file, toJson(map));
  }

  /** Our own JSON. */
  public static String toJson(PlacementMap map) {
    return "{\n  \"%s\": %s,\n  \"%s\": %d,\n  \"%s\": %s,\n  %s\n}\n"
        .formatted(
            MODEL,
            JSON.getNodeFactory().textNode(map.model()),
            EXPERTS,
            map.experts(),
            LAYERS,
            map.layers(),
            rows(map));
  }

  /** The key both kinds have, a row a line. */
  static String rows(PlacementMap map) {
    List<String> lines = new ArrayList<>();
    for (int[] row : map.physicalToLogical()) {
      lines.add("    " + Arrays.toString(row));
    }
    return "\"%s\": [\n%s\n  ]".formatted(MAP, String.join(",\n", lines));
  }

  private static JsonNode tree(String where, InputStream in) throws IOException {
    try {
      return JSON.readTree(in);
    } catch (JsonProcessingException e) {
      throw InvalidInputException.of(
          where, "not JSON: " + e.getOriginalMessage(), "Name a placement map", e);
    }
  }

  private static int[][] slots(String where, JsonNode root) {
    JsonNode rows = root.path(MAP);
    if (!rows.isArray()) {
      throw InvalidInputException.of(
          where + ": " + MAP, "there is no such list", "Name a placement map");
    }
    int[][] slots = new int[rows.size()][];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = integers(where, MAP + " row " + i, rows.get(i));
    }
    return slots;
  }

  private static PlacementMap ours(String where, JsonNode root, int[][] slots, ModelSpec model) {
    JsonNode name = root.path(MODEL);
    JsonNode experts = root.path(EXPERTS);
    if (!name.isTextual()
        || !experts.canConvertToInt()
        || experts.intValue() < 1
        || experts.intValue() > MOST_EXPERTS) {
      throw InvalidInputException.of(
          where,
          "'%s' is not a name or '%s' not a number from 1 to %d"
              .formatted(MODEL, EXPERTS, MOST_EXPERTS),
          "Correct it, or leave the map alone in the file and name the model");
    }
    int[] layers = integers(where, LAYERS, root.path(LAYERS));
    if (layers.length != slots.length) {
      throw InvalidInputException.of(
          where + ": " + LAYERS,
          "%d layer ids for %d rows of %s".formatted(layers.length, slots.length, MAP),
          "Give each row its layer");
    }
    for (int i = 1; i < layers.length; i++) {
      if (layers[i] <= layers[i - 1]) {
        throw InvalidInputException.of(
            where + ": " + LAYERS,
            "layer %d follows layer %d".formatted(layers[i], layers[i - 1]),
            "List each layer once, in ascending order");
      }
    }
    PlacementMap map =
        new PlacementMap(
            name.textValue(), experts.intValue(), Arrays.stream(layers).boxed().toList(), slots);
    if (model != null
        && !(model.name().equals(map.model())
            && model.experts() == map.experts()
            && model.moeLayers().equals(map.layers()))) {
      throw InvalidInputException.of(
          where,
          "the map is for %s with %d experts in layers %s, not for %s with %d in %s"
              .formatted(
                  map.model(),
                  map.experts(),
                  map.layers(),
                  model.name(),
                  model.experts(),
                  model.moeLayers()),
          "Name a map of this model");
    }
    return map;
  }

  /** A row for each MoE layer, or, as SGLang indexes it, for each layer of the model. */
  private static PlacementMap bare(String where, int[][] slots, ModelSpec model) {
    if (model == null) {
      throw InvalidInputException.of(
          where, "the map does not say which model it is for", "Name the model with it");
    }
    List<Integer> moeLayers = model.moeLayers();
    int[][] rows = slots;
    if (slots.length != moeLayers.size() && slots.length == model.layers()) {
      rows = moeLayers.stream().map(layer -> slots[layer]).toArray(int[][]::new);
    }
    if (rows.length != moeLayers.size()) {
      throw InvalidInputException.of(
          where + ": " + MAP,
          "%d rows, but %s has %d MoE layers (%d layers in all)"
              .formatted(slots.length, model.name(), moeLayers.size(), model.layers()),
          "Name a map of this model");
    }
    return new PlacementMap(model.name(), model.experts(), moeLayers, rows);
  }

  private static int[] integers(String where, String field, JsonNode node) {
    if (!node.isArray()
        || !IntStream.range(0, node.size())
            .allMatch(i -> node.get(i).isIntegralNumber() && node.get(i).canConvertToInt())) {
      throw InvalidInputException.of(
          where + ": " + field, "not a list of whole numbers", "Name a placement map");
    }
    return IntStream.range(0, node.size()).map(i -> node.get(i).intValue()).toArray();
  }
}
