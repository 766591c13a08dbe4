package io.sextant.jobs.publish;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOptions;
import java.io.IOException;
import java.time.Duration;
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
  @Mixin private JsonOption json;

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description =
          "Name of the version, as shown by history. By default the one that was in force"
              + " before the present one was published.")
  private String to;

  @Option(
      names = "--wait",
      defaultValue = "0",
      paramLabel = "MINUTES",
      description = "Minutes to wait for a running refresh to end (default ${DEFAULT-VALUE}).")
  private int waitMinutes;

  @Override
  public Integer call() throws IOException {
    PublishedVersions versions = PublishedVersions.of(warehouse.folder(), warehouse.model().name());
    // Checked before the lock is taken, so that a mistyped warehouse does not become a folder.
    versions.requirePublished();
    try (WarehouseLock lock =
        WarehouseLock.acquire(
            warehouse.folder(),
            RunId.now(),
            "rollback",
            Duration.ofMinutes(waitMinutes),
            new Progress())) {
      String version = versions.rollback(to, lock);
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
}
