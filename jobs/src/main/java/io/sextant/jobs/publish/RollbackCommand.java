package io.sextant.jobs.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.lock.WaitOption;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.window.Evidence;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant rollback}. */
@Command(
    name = "rollback",
    description = "Puts an earlier version in force again, byte for byte.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Engines must be told to load it; the next refresh starts from it.",
      "Example: sextant rollback --warehouse warehouse --model sextant-128x8"
    })
public final class RollbackCommand implements Callable<Integer> {
  @Mixin private WarehouseOptions warehouse;
  @Mixin private WaitOption wait;
  @Mixin private JsonOption json;

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description =
          "Name of the version, as shown by history. By default the one that was in force"
              + " before the present one was published.")
  private String to;

  @Override
  public Integer call() throws IOException {
    Evidence.requireWarehouse(warehouse.folder());
    PublishedVersions versions = PublishedVersions.of(warehouse.folder(), warehouse.model().name());
    // Checked before the lock is taken, so that a mistyped warehouse does not become a folder.
    versions.requirePublished();
    try (WarehouseLock lock =
        WarehouseLock.acquire(
            warehouse.folder(), RunId.now(), "rollback", wait.time(), new Progress())) {
      Optional<JsonNode> before = decision(versions, versions.inForce().orElseThrow());
      String version = versions.rollback(to, lock);
      warnIfSlotsDiffer(before, version, decision(versions, version));
      String folder = versions.folder(version);
      json.print(
          "in force  %s  %s%n".formatted(version, folder),
          () ->
              JsonNodeFactory.instance
                  .objectNode()
                  .put("in_force_version", version)
                  .put("folder", folder));
    }
    return 0;
  }

  /** The decision with which a version was published; empty if it cannot be read. */
  private static Optional<JsonNode> decision(PublishedVersions versions, String version) {
    try {
      Optional<byte[]> json = versions.read(version, HistoryCommand.DECISION_FILE);
      return json.isEmpty()
          ? Optional.empty()
          : Optional.of(new ObjectMapper().readTree(json.get()));
    } catch (IOException | InvalidInputException e) {
      // A damaged version in force is a reason to roll back, not to refuse it.
      return Optional.empty();
    }
  }

  private static void warnIfSlotsDiffer(
      Optional<JsonNode> before, String version, Optional<JsonNode> after) {
    int was = before.map(decision -> decision.path("slots").asInt()).orElse(0);
    int is = after.map(decision -> decision.path("slots").asInt()).orElse(0);
    if (was > 0 && is > 0 && was != is) {
      System.err.printf(
          "sextant: warning: version %s has %d slots per layer, the version before had %d. Start the"
              + " engines with the redundant experts of %d slots, and refresh with --slots %d or"
              + " --first-map%n",
          version, is, was, is, is);
    }
  }
}
