package io.sextant.schema.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The record {@code eplb_initial_mapping} in a file of JSON lines, as vLLM's pull request 41141
 * reads it from {@code eplb_config.initial_mapping_path}. Its layers are counted from 0 among the
 * MoE layers; {@code num_redundant_experts} has to equal the engine's setting.
 */
final class VllmInitialMapping implements EngineFile {
  static final String RECORD_TYPE = "record_type";

  private static final String INITIAL_MAPPING = "eplb_initial_mapping";
  private static final String VERSION = "version";
  private static final String REDUNDANT = "num_redundant_experts";
  private static final String SLOTS = "num_slots";
  private static final String ASSIGNMENTS = "initial_global_assignments";

  @Override
  public byte[] encode(String where, PlacementMap map, int gpus) {
    List<String> layers = new ArrayList<>();
    for (int[] row : map.physicalToLogical()) {
      layers.add("\"%d\": %s".formatted(layers.size(), Arrays.toString(row)));
    }
    return "{\"%s\": \"%s\", \"%s\": 1, \"%s\": %d, \"%s\": %d, \"%s\": {%s}}\n"
        .formatted(
            RECORD_TYPE,
            INITIAL_MAPPING,
            VERSION,
            REDUNDANT,
            map.slots(0) - map.experts(),
            SLOTS,
            map.slots(0),
            ASSIGNMENTS,
            String.join(", ", layers))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public MapRows decode(String where, byte[] bytes) {
    JsonNode record = record(where, bytes);
    int version = MapJson.integer(where, VERSION, record.path(VERSION));
    if (version != 1) {
      throw InvalidInputException.of(
          where + ": " + VERSION, "version %d, not 1".formatted(version), MapJson.REMEDY);
    }
    JsonNode assignments = record.path(ASSIGNMENTS);
    int slots = MapJson.integer(where, SLOTS, record.path(SLOTS));
    int[][] rows = new int[assignments.size()][];
    for (int layer = 0; layer < rows.length; layer++) {
      String field = "%s \"%d\"".formatted(ASSIGNMENTS, layer);
      rows[layer] = MapJson.integers(where, field, assignments.path(Integer.toString(layer)));
      if (rows[layer].length != slots) {
        throw InvalidInputException.of(
            where + ": " + field,
            "%d slots, but %s is %d".formatted(rows[layer].length, SLOTS, slots),
            MapJson.REMEDY);
      }
    }
    return MapRows.inOrder(RowOrder.MOE_LAYERS, rows);
  }

  /** The first record that holds a mapping. Other records are skipped, as the engine does. */
  private static JsonNode record(String where, byte[] bytes) {
    try (MappingIterator<JsonNode> records =
        MapJson.JSON.readerFor(JsonNode.class).readValues(bytes)) {
      while (records.hasNextValue()) {
        JsonNode record = records.nextValue();
        if (INITIAL_MAPPING.equals(record.path(RECORD_TYPE).textValue())) {
          return record;
        }
      }
    } catch (JsonProcessingException e) {
      throw InvalidInputException.of(
          where, "not JSON lines: " + e.getOriginalMessage(), MapJson.REMEDY, e);
    } catch (IOException e) {
      throw InvalidInputException.of(where, "not JSON lines: " + e.getMessage(), MapJson.REMEDY, e);
    }
    throw InvalidInputException.of(
        where, "no record of the type " + INITIAL_MAPPING, MapJson.REMEDY);
  }
}
