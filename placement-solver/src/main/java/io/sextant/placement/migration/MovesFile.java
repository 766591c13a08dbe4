package io.sextant.placement.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link Moves} as JSON, a step a line; the text is the same for the same moves.
 *
 * <pre>{@code
 * {
 *   "model": "sextant-128x8",
 *   "nodes": 4, "gpus_per_node": 8, "slots_per_gpu": 4,
 *   "expert_bytes": 589824,
 *   "moved_bytes": 2359296, "copied_bytes": 2359296, "staging_bytes_per_gpu": 589824,
 *   "layers": [
 *     {"layer": 1, "moved_slots": 2, "steps": [
 *       {"staging_bytes": 1179648, "writes": [[3, 77, 40], [40, 12, 3]]}
 *     ]}
 *   ]
 * }
 * }</pre>
 *
 * <p>A write is {@code [slot, expert, from_slot]}. {@code moved_bytes}, {@code copied_bytes},
 * {@code staging_bytes_per_gpu} and {@code staging_bytes} follow from the rest: they are for the
 * reader of the file, who has to provide them.
 */
public final class MovesFile {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String REMEDY = "Name a moves.json that solve wrote";

  private final String where;

  private MovesFile(String where) {
    this.where = where;
  }

  /** The text of the file. */
  public static String toJson(Moves moves) {
    SlotLayout layout = moves.layout();
    StringBuilder text = new StringBuilder();
    text.append("{\n  \"model\": ").append(JSON.getNodeFactory().textNode(moves.model()));
    text.append(
        """
        ,
          "nodes": %d, "gpus_per_node": %d, "slots_per_gpu": %d,
          "expert_bytes": %d,
          "moved_bytes": %d, "copied_bytes": %d, "staging_bytes_per_gpu": %d,
          "layers": [
        """
            .formatted(
                layout.nodes(),
                layout.gpusPerNode(),
                layout.slotsPerGpu(),
                moves.expertBytes(),
                moves.movedBytes(),
                moves.copiedBytes(),
                moves.stagingBytesOnGpu()));
    List<String> layers = moves.layers().stream().map(l -> layer(l, moves.expertBytes())).toList();
    return text.append(String.join(",\n", layers)).append("\n  ]\n}\n").toString();
  }

  private static String layer(LayerMoves layer, long expertBytes) {
    List<String> steps =
        layer.moves().steps().stream().map(step -> step(step, expertBytes)).toList();
    return "    {\"layer\": %d, \"moved_slots\": %d, \"steps\": [%s]}"
        .formatted(
            layer.layer(),
            layer.movedSlots(),
            steps.isEmpty() ? "" : "\n" + String.join(",\n", steps) + "\n    ");
  }

  private static String step(MoveStep step, long expertBytes) {
    List<String> writes =
        step.writes().stream()
            .map(w -> "[%d, %d, %d]".formatted(w.slot(), w.expert(), w.fromSlot()))
            .toList();
    return "      {\"staging_bytes\": %d, \"writes\": [%s]}"
        .formatted(step.stagedSlots() * expertBytes, String.join(", ", writes));
  }

  /**
   * @throws InvalidInputException naming the file and what is wrong in it
   */
  public static Moves read(Path file) {
    try {
      return new MovesFile(file.toString()).moves(JSON.readTree(Files.readString(file)));
    } catch (NoSuchFileException e) {
      throw InvalidInputException.of(file.toString(), "there is no such file", REMEDY, e);
    } catch (JsonProcessingException e) {
      throw InvalidInputException.of(
          file.toString(), "not JSON: " + e.getOriginalMessage(), REMEDY, e);
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(), "cannot be read: " + e.getMessage(), "Check the file", e);
    }
  }

  private Moves moves(JsonNode root) {
    SlotLayout layout =
        new SlotLayout(
            number(root, "nodes", 1, 1 << 15),
            number(root, "gpus_per_node", 1, 1 << 15),
            number(root, "slots_per_gpu", 1, 1 << 15));
    JsonNode bytes = root.path("expert_bytes");
    if (!root.path("model").isTextual() || !bytes.canConvertToLong() || bytes.longValue() < 1) {
      throw wrong("", "'model' is not a name or 'expert_bytes' not a positive number");
    }
    List<LayerMoves> layers = new ArrayList<>();
    for (JsonNode layer : list(root, "layers", "")) {
      layers.add(layer(layout, layer));
    }
    return new Moves(root.path("model").textValue(), layout, bytes.longValue(), layers);
  }

  private LayerMoves layer(SlotLayout layout, JsonNode node) {
    int layer = number(node, "layer", 0, Short.MAX_VALUE);
    List<MoveStep> steps = new ArrayList<>();
    for (JsonNode step : list(node, "steps", ": layer " + layer)) {
      String at = ": layer %d, step %d".formatted(layer, steps.size());
      List<SlotWrite> writes = new ArrayList<>();
      for (JsonNode write : list(step, "writes", at)) {
        writes.add(write(layout, write, at));
      }
      if (writes.isEmpty()
          || writes.size() != writes.stream().map(SlotWrite::slot).distinct().count()) {
        throw wrong(at, "it writes nothing, or a slot twice");
      }
      steps.add(new MoveStep(writes));
    }
    return new LayerMoves(
        layer, number(node, "moved_slots", 0, layout.slots()), new MoveList(layout, steps));
  }

  private SlotWrite write(SlotLayout layout, JsonNode node, String at) {
    if (node.size() != 3
        || !slot(layout, node.path(0))
        || !whole(node.path(1), 0, Short.MAX_VALUE)
        || !slot(layout, node.path(2))) {
      throw wrong(
          at,
          "%s is not [slot, expert, from_slot] in a layer of %d slots"
              .formatted(node, layout.slots()));
    }
    return new SlotWrite(node.get(0).intValue(), node.get(1).intValue(), node.get(2).intValue());
  }

  private static boolean slot(SlotLayout layout, JsonNode node) {
    return whole(node, 0, layout.slots() - 1);
  }

  private static boolean whole(JsonNode node, int least, int most) {
    return node.isIntegralNumber()
        && node.canConvertToInt()
        && node.intValue() >= least
        && node.intValue() <= most;
  }

  private int number(JsonNode node, String field, int least, int most) {
    if (!whole(node.path(field), least, most)) {
      throw wrong("", "'%s' is not a number from %d to %d".formatted(field, least, most));
    }
    return node.get(field).intValue();
  }

  private JsonNode list(JsonNode node, String field, String at) {
    if (!node.path(field).isArray()) {
      throw wrong(at, "there is no list '%s'".formatted(field));
    }
    return node.get(field);
  }

  private InvalidInputException wrong(String at, String problem) {
    return InvalidInputException.of(where + at, problem, REMEDY);
  }
}
