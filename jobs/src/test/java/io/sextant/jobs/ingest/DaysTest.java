package io.sextant.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.analyze.AnalyzeJob;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.table.UsageTables;
import io.sextant.schema.trace.format.FormatChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Days are UTC days, whatever the machine's time zone, and every time has a day. */
@Isolated("sets the JVM's time zone")
class DaysTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  private static final long MIDNIGHT = Instant.parse("2026-09-14T00:00:00Z").toEpochMilli();
  private static final TimeZone ZONE = TimeZone.getDefault();

  @TempDir private Path folder;

  @AfterEach
  void restoreZone() {
    TimeZone.setDefault(ZONE);
  }

  @Test
  void daysAndTablesAreTheSameInEveryZone() throws Exception {
    Path pack = withArrivals("around", MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + 1, MIDNIGHT - 86_400_000);
    List<List<String>> tables = new ArrayList<>();
    for (String zone : List.of("UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati")) {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      Path warehouse = folder.resolve(zone.replace('/', '-'));
      ingest(warehouse, pack);
      TraceWindow window = new TraceWindow(warehouse.toString(), MODEL.name(), null, null);
      String text =
          new AnalyzeJob(TestSpark.session(), MODEL, window, "1", new Progress()).run().text();
      List<String> all = new ArrayList<>(days(warehouse));
      all.add(text);
      all.addAll(
          SparkTables.read(TestSpark.session(), warehouse.toString(), UsageTables.EXPERT_LOAD)
              .orElseThrow()
              .selectExpr("concat_ws(' ', day, hour, domain, phase, layer, expert, tokens) as row")
              .as(Encoders.STRING())
              .collectAsList()
              .stream()
              .sorted()
              .toList());
      tables.add(all);
    }
    assertThat(tables).containsOnly(tables.get(0));
    assertThat(tables.get(0)).contains("2026-09-13 6", "2026-09-14 6");
  }

  @Test
  void saysWhatIsFiledUnderDaysThatCannotBeRight() throws Exception {
    Path warehouse = folder.resolve("warehouse");
    Path pack = withArrivals("clocks", 12_345, MIDNIGHT / 1000, MIDNIGHT * 1000, -1);
    IngestSummary summary = ingest(warehouse, pack);
    assertThat(summary.text())
        .contains("1 files have days that cannot be right")
        .contains(pack + ": 9 requests arrived on 1969-12-31 to 1970-01-21, before 2017")
        .contains(pack + ": 3 requests arrived on +58672-01-21, after 2099");
    assertThat(summary.json().path("wrong_days")).hasSize(2);
    assertThat(summary.json().path("wrong_days").get(0).path("requests").intValue()).isEqualTo(9);
    assertThat(days(warehouse)).containsExactly("1969-12-31 3", "1970-01-01 6", "1970-01-21 3");
    TraceWindow all = new TraceWindow(warehouse.toString(), MODEL.name(), null, null);
    assertThat(new AnalyzeJob(TestSpark.session(), MODEL, all, "2", new Progress()).run().text())
        .contains("sextant-128x8, 1969-12-31 to 1970-01-21 (3 days)")
        .doesNotContain("NaN");
  }

  /** The small pack with these arrivals, repeated. */
  private Path withArrivals(String name, long... millis) throws Exception {
    byte[] pack = TestPacks.plain("day01-12");
    for (int i = 0; i < 12; i++) {
      pack = TestPacks.with(pack, "arrival_ms", i, millis[i % millis.length]);
    }
    return Files.write(folder.resolve(name + ".safetensors"), pack);
  }

  private static IngestSummary ingest(Path warehouse, Path input) throws Exception {
    return new IngestJob(TestSpark.session(), MODEL, warehouse.toString(), "1", new Progress())
        .run(List.of(input.toString()), FormatChoice.DETECTED);
  }

  private static List<String> days(Path warehouse) {
    return SparkTables.read(TestSpark.session(), warehouse.toString(), TraceTables.TRACES)
        .orElseThrow()
        .where("layer = 1")
        .groupBy("day")
        .count()
        .selectExpr("concat(day, ' ', count) as row")
        .as(Encoders.STRING())
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }
}
