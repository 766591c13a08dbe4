package io.sextant.jobs.ingest;

import io.sextant.jobs.cli.TraceOptions;
import io.sextant.jobs.plan.PlanFolder;
import io.sextant.jobs.publish.PublishedVersions;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.TraceHints.Published;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/** Reads the map that a warehouse has in force, for trace files that contain slot ids. */
public final class MapInForce {
  private MapInForce() {}

  /**
   * Adds the map in force to the hints, unless the user gave one.
   *
   * @throws IOException if the storage fails
   */
  public static FormatChoice beside(FormatChoice format, String warehouse, ModelSpec model)
      throws IOException {
    if (format.hints().slots() != null) {
      return format;
    }
    return new FormatChoice(
        format.name(), format.hints().withInForce(published(warehouse, model).orElse(null)));
  }

  private static Optional<Published> published(String warehouse, ModelSpec model)
      throws IOException {
    PublishedVersions versions = PublishedVersions.of(warehouse, model.name());
    try {
      Optional<String> version = versions.inForce();
      if (version.isEmpty()) {
        return Optional.empty();
      }
      Optional<byte[]> json = versions.read(version.get(), PlanFolder.PLACEMENT_FILE);
      if (json.isEmpty()) {
        return Optional.empty();
      }
      String where = versions.folder(version.get()) + "/" + PlanFolder.PLACEMENT_FILE;
      return Optional.of(
          new Published(
              version.get(),
              TraceOptions.slots(
                  PlacementMaps.read(where, new ByteArrayInputStream(json.get()), model))));
    } catch (InvalidInputException e) {
      // Few files need the map, and reading those reports that it is missing; refresh and history
      // report what is wrong with a version.
      return Optional.empty();
    }
  }
}
