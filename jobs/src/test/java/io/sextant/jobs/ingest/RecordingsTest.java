package io.sextant.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.plan.PlanFolder;
import io.sextant.jobs.publish.PublishedVersions;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.table.UsageTables;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands on engines' own recordings. */
class RecordingsTest {
  private static final Path RECORDINGS = TestPacks.resource("recordings");
  private static final String MAP = RECORDINGS.resolve("trt-slots/map.json").toString();
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  /** Tokens of the two iterations, times top-k, in six layers. */
  private static final long IDS = 55 * 8 * 6;

  @TempDir private Path folder;

  @Test
  void slotsAreReadOnceTheirMapIsGiven() throws Exception {
    CommandRun refused = ingest("trt-slots/rank2.safetensors");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.out()).contains("rank2.safetensors", "160 counts", "--current-map MAP");

    CommandRun again = ingest("trt-slots/rank2.safetensors");
    assertThat(again.out()).contains("1 files known already");

    CommandRun told = ingest("trt-slots/rank2.safetensors", "--current-map", MAP);
    assertThat(told.exitCode()).as(told.err()).isZero();
    assertThat(told.out()).contains("1 files ingested", "note: ", "map of --current-map");
    CommandRun known = ingest("trt-slots/rank2.safetensors", "--current-map", MAP);
    assertThat(known.out()).contains("1 files known already");
    assertThat(expertLoad()).isEqualTo(IDS);
  }

  @Test
  void slotsAreReadWithTheMapInForce() throws Exception {
    TreeMap<String, byte[]> files = new TreeMap<>();
    String placement = PlacementMaps.toJson(PlacementMaps.read(Path.of(MAP), MODEL));
    files.put(PlanFolder.PLACEMENT_FILE, placement.getBytes(StandardCharsets.UTF_8));
    try (WarehouseLock lock =
        WarehouseLock.acquire(warehouse(), "run", "test", Duration.ofSeconds(1), new Progress())) {
      PublishedVersions.of(warehouse(), MODEL.name())
          .publish("v7", files, 2, Instant.parse("2026-09-14T02:00:00Z"), lock);
    }
    CommandRun read = ingest("trt-slots/rank2.safetensors");
    assertThat(read.exitCode()).as(read.err()).isZero();
    assertThat(read.out()).contains("translated with version v7, the map in force");
  }

  @Test
  void rowsAndTheirCountsCountOnce() throws Exception {
    CommandRun read = ingest("trt-raw");
    assertThat(read.out()).contains("2 files ingested: 2 requests, 55 tokens", "note: ", "WARNING");
    assertThat(expertLoad()).isEqualTo(IDS);
  }

  @Test
  void rowsInChunksLeaveTheCounts() throws Exception {
    CommandRun read = ingest("trt-chunked");
    assertThat(read.out())
        .contains("1 files ingested", "1 files and 0 requests quarantined", "12 of 12 keys");
    assertThat(expertLoad()).isEqualTo(IDS);
  }

  @Test
  void ranksThatRouteTheSameTokensCountOnce() throws Exception {
    Path copies = Files.createDirectories(folder.resolve("copies"));
    String lines = Files.readString(RECORDINGS.resolve("mega-train/router_trace_rank2.jsonl"));
    for (int rank = 2; rank < 4; rank++) {
      Files.writeString(
          copies.resolve("router_trace_rank" + rank + ".jsonl"),
          lines.replace("\"rank\": 2", "\"rank\": " + rank));
    }
    CommandRun read = ingest(copies.toString());
    assertThat(read.out())
        .contains("1 files ingested: 2 requests", "1 files repeat the tokens of another rank");
  }

  @Test
  void aPipelineStageIsRefusedInOneLine() {
    CommandRun refused = ingest("mega-pp");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.out()).contains("missing, if numbers count from 0: 7, 9, 11");
  }

  private CommandRun ingest(String input, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ingest",
                "--input",
                RECORDINGS.resolve(input).toString(),
                "--warehouse",
                warehouse(),
                "--model",
                MODEL.name()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(new String[0]));
  }

  private String warehouse() {
    return folder.resolve("warehouse").toString();
  }

  private long expertLoad() throws Exception {
    CommandRun.done("analyze", "--warehouse", warehouse(), "--model", MODEL.name());
    SparkSession spark = TestSpark.session();
    return SparkTables.read(spark, warehouse(), UsageTables.EXPERT_LOAD)
        .orElseThrow()
        .selectExpr("sum(tokens)")
        .first()
        .getLong(0);
  }
}
