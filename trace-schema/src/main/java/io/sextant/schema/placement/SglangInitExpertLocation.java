package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes the file of SGLang's {@code --init-expert-location}: {@code {"physical_to_logical_map":
 * [[...]]}}. The engine hands every key of the file to one function, so a second key would stop it;
 * it makes one matrix of the rows and divides their length by the expert-parallel size
 * (sglang/srt/eplb/expert_location.py).
 */
public final class SglangInitExpertLocation {
  private SglangInitExpertLocation() {}

  /**
   * Writes the map with a row for each of its layers and reads it back.
   *
   * @param gpus the engine's {@code --ep-size}
   * @throws InvalidInputException before anything is written, where the engine would refuse the map
   * @throws IOException where the storage fails
   */
  public static void write(Path file, PlacementMap map, int gpus) throws IOException {
    String json = toJson(file.toString(), map, gpus);
    // Written aside first: a map that is cut off would be loaded by nobody, or worse, by somebody.
    Path aside = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.writeString(aside, json);
      int[][] written;
      try (InputStream in = Files.newInputStream(aside)) {
        written = PlacementMaps.slots(aside.toString(), in);
      }
      if (!Arrays.deepEquals(written, map.physicalToLogical())) {
        throw new IOException("Cannot write " + file + ": it reads back as another map");
      }
      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /**
   * The file's text.
   *
   * @param where the file, for messages
   * @throws InvalidInputException where the engine would refuse the map
   */
  public static String toJson(String where, PlacementMap map, int gpus) {
    map.requireUsable(where, gpus);
    for (int index = 1; index < map.layers().size(); index++) {
      if (map.slots(index) != map.slots(0)) {
        throw InvalidInputException.of(
            where,
            "layer %d has %d slots, but layer %d has %d"
                .formatted(
                    map.layers().get(index), map.slots(index), map.layers().get(0), map.slots(0)),
            "SGLang needs the same number of slots in every layer");
      }
    }
    if (map.layers().isEmpty()) {
      throw InvalidInputException.of(where, "the map has no layers", "Make a map of a MoE model");
    }
    return "{\n  " + PlacementMaps.rows(map) + "\n}\n";
  }

  /**
   * The map with a row for every layer of the model, dense ones too, their rows filled in linear
   * order: SGLang looks a layer's row up by its absolute id for the models whose own code counts
   * all layers there, such as DeepSeek's.
   */
  public static PlacementMap overAllLayers(PlacementMap map, ModelSpec model) {
    int slots = map.slots(0);
    int[][] rows = new int[model.layers()][];
    Arrays.setAll(
        rows,
        layer -> {
          int index = map.layers().indexOf(layer);
          return index >= 0
              ? map.physicalToLogical()[index].clone()
              : IntStream.range(0, slots).map(slot -> slot % map.experts()).toArray();
        });
    List<Integer> layers = IntStream.range(0, model.layers()).boxed().toList();
    return new PlacementMap(map.model(), map.experts(), layers, rows);
  }
}
