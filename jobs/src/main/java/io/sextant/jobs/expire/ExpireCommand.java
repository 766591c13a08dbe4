package io.sextant.jobs.expire;

import static io.sextant.jobs.cli.OptionRange.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOption;
import io.sextant.jobs.lock.WaitOption;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.storage.WarehouseSchema;
import io.sextant.jobs.window.Evidence;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant expire}. */
@Command(
    name = "expire",
    description = "Removes old days from the tables of a warehouse.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Earlier states of traces and usage can still be read for 30 days; then the next ingest,"
          + " analyze, refresh or expire deletes their files. Published versions, the lists of"
          + " ingested files and the log of runs stay.",
      "Example: sextant expire --warehouse warehouse --keep-days 90 --dry-run"
    })
public final class ExpireCommand implements Callable<Integer> {
  @Mixin private WarehouseOption warehouse;
  @Mixin private WaitOption wait;
  @Mixin private JsonOption json;

  @Option(
      names = "--keep-days",
      required = true,
      paramLabel = "N",
      description = "Keep the last N days, today included.")
  private int keepDays;

  @Option(
      names = "--as-of",
      paramLabel = "DAY",
      description = "The day that counts as today, yyyy-MM-dd (default: today in UTC).")
  private LocalDate asOf;

  @Option(names = "--dry-run", description = "Say what would be removed, and change nothing.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    require("--keep-days", keepDays, keepDays >= 1, "at least 1");
    Evidence.requireWarehouse(warehouse.folder());
    WarehouseSchema.requireReadableIfLocal(warehouse.folder());
    LocalDate today = asOf == null ? LocalDate.now(ZoneOffset.UTC) : asOf;
    ExpireJob job = new ExpireJob(warehouse.folder(), today.minusDays(keepDays - 1L));
    if (dryRun) {
      print(job.plan());
      return 0;
    }
    try (WarehouseLock lock =
        WarehouseLock.acquire(
            warehouse.folder(), RunId.now(), "expire", wait.time(), new Progress())) {
      List<ExpiredTable> plan = job.plan();
      lock.requireHeld();
      job.run(plan);
      print(plan);
    }
    return 0;
  }

  private void print(List<ExpiredTable> plan) {
    json.print(
        plan.isEmpty()
            ? "no table has a day that old%n".formatted()
            : plan.stream().map(ExpiredTable::text).collect(Collectors.joining()),
        () -> json(plan));
  }

  private JsonNode json(List<ExpiredTable> plan) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("done", !dryRun);
    ArrayNode tables = root.putArray("tables");
    for (ExpiredTable one : plan) {
      tables
          .addObject()
          .put("table", one.table())
          .put("from_day", one.days().first())
          .put("to_day", one.days().last())
          .put("files", one.files())
          .put("bytes", one.bytes());
    }
    return root;
  }
}
