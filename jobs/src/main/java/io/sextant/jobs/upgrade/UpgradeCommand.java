package io.sextant.jobs.upgrade;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOption;
import io.sextant.jobs.lock.WaitOption;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.window.Evidence;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant upgrade}. */
@Command(
    name = "upgrade",
    description = "Brings the tables of an older warehouse to the schemas of this program.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each table is replaced at once or not at all. Other commands say if they need it.",
      "Example: sextant upgrade --warehouse warehouse --dry-run"
    })
public final class UpgradeCommand implements Callable<Integer> {
  @Mixin private WarehouseOption warehouse;
  @Mixin private WaitOption wait;
  @Mixin private JsonOption json;

  @Option(names = "--dry-run", description = "Say what would be done, and change nothing.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    Evidence.requireWarehouse(warehouse.folder());
    UpgradeJob job = new UpgradeJob(warehouse.folder());
    if (dryRun) {
      print(job.plan());
      return 0;
    }
    try (WarehouseLock lock =
        WarehouseLock.acquire(
            warehouse.folder(), RunId.now(), "upgrade", wait.time(), new Progress())) {
      job.recover();
      List<TableUpgrade> plan = job.plan();
      lock.requireHeld();
      job.run(plan);
      print(plan);
    }
    return 0;
  }

  private void print(List<TableUpgrade> plan) {
    json.print(
        plan.isEmpty()
            ? "every table has the version of this program%n".formatted()
            : plan.stream().map(TableUpgrade::text).collect(Collectors.joining()),
        () -> {
          ObjectNode root = JsonNodeFactory.instance.objectNode().put("done", !dryRun);
          ArrayNode tables = root.putArray("tables");
          for (TableUpgrade one : plan) {
            tables
                .addObject()
                .put("table", one.table().name())
                .put("from", one.from())
                .put("to", one.to())
                .put("action", one.action().name().toLowerCase(Locale.ROOT));
          }
          return root;
        });
  }
}
