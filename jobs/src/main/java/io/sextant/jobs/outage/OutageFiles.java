package io.sextant.jobs.outage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.placement.outage.ExpertWrite;
import io.sextant.schema.file.CompleteFile;
import io.sextant.schema.placement.PlacementMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes the map that is prepared for each outage, and the slots that are written on the way to it.
 *
 * @param map the plan on all GPUs
 * @param planned whether the GPUs leave on purpose
 */
record OutageFiles(PlacementMap map, boolean planned) {

  /**
   * @param folder gets a folder for each outage
   */
  void write(Path folder, List<ScoredOutage> outages) throws IOException {
    for (ScoredOutage scored : outages) {
      Outage outage = scored.outage();
      if (outage.missingExperts() > 0) {
        continue;
      }
      Path own = folder.resolve(outage.name().toLowerCase(Locale.ROOT).replace(' ', '-'));
      Files.createDirectories(own);
      CompleteFile.write(own.resolve("survivors.json"), survivors(outage).toPrettyString());
      CompleteFile.write(own.resolve("writes.json"), writes(outage).toPrettyString());
    }
  }

  /** The GPUs that are left, and their map numbered anew. */
  private ObjectNode survivors(Outage outage) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model", map.model());
    ArrayNode active = root.putArray("active_ranks");
    for (int gpu = 0; gpu < outage.gpus().layout().gpus(); gpu++) {
      active.add(outage.gpus().has(gpu) ? 0 : 1);
    }
    ArrayNode layers = root.putArray("layers");
    map.layers().forEach(layers::add);
    ArrayNode rows = root.putArray("physical_to_logical");
    for (int[] row : outage.compact(map).physicalToLogical()) {
      ArrayNode slots = rows.addArray();
      for (int expert : row) {
        slots.add(expert);
      }
    }
    return root;
  }

  /** The slots that are written, numbered as before the outage. */
  private ArrayNode writes(Outage outage) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (int l = 0; l < outage.layers().size(); l++) {
      for (ExpertWrite write : outage.layers().get(l).writes()) {
        ObjectNode node =
            list.addObject()
                .put("layer", map.layers().get(l))
                .put("slot", write.slot())
                .put("expert", write.expert());
        if (planned) {
          node.put("from_slot", write.fromSlot());
        } else {
          node.put("from", "host memory or storage");
        }
      }
    }
    return list;
  }
}
