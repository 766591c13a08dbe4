package io.sextant.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.TestSpark;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.table.DecisionTables;
import io.sextant.schema.table.DecisionTables.DecisionRow;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.PlanTables.PlacementRow;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.table.TraceTables.FileRow;
import io.sextant.schema.table.TraceTables.LoadCountsRow;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records written as rows are read back unchanged, also from tables that an older version wrote.
 */
class TypedRowsTest {
  private static final FileRow FILE =
      new FileRow("c0", "a.zst", null, 9, 1, 2, 16, 0, 3L, "t0", null, "ingested", "run", "m");

  @TempDir private Path warehouse;

  @Test
  void recordsComeBackAsTheyWere() {
    List<FileRow> files = List.of(FILE);
    SmallTable.write(files, TraceTables.FILES, warehouse + "/files");
    DecisionRow decision =
        new DecisionRow(
            "p",
            "sextant",
            "4x8-h200",
            160,
            "sglang",
            "fp8",
            "for arrivals from 9:00 to 17:00 UTC",
            "2026-01-04",
            "2026-01-05",
            "solve",
            "current",
            "q",
            "keep",
            "No gain.",
            7,
            0.01,
            -0.02,
            0.03,
            0.005,
            null,
            1.5,
            "run",
            "m",
            "2026-01-05");
    SmallTable.append(List.of(decision), DecisionTables.DECISIONS, warehouse + "/decisions");
    SmallTable.append(List.of(decision), DecisionTables.DECISIONS, warehouse + "/decisions");

    assertThat(TypedRows.of(FileRow.class).collect(table("files"))).isEqualTo(files);
    assertThat(
            TypedRows.of(DecisionRow.class)
                .collect(
                    SparkTables.read(
                            TestSpark.session(), warehouse.toString(), DecisionTables.DECISIONS)
                        .orElseThrow()))
        .containsExactly(decision, decision);
  }

  @Test
  void listsComeBackAsArrays() {
    SparkTables.writeSorted(
        TestSpark.session(),
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext())
            .parallelize(List.of(3L))
            .map(
                step ->
                    new LoadCountsRow(
                        "s", step, 5, 1, new long[] {7, 0, 9}, "run", "m", "2026-01-05")),
        TraceTables.LOAD_COUNTS,
        warehouse + "/load_counts",
        "step");

    LoadCountsRow counts = TypedRows.of(LoadCountsRow.class).collect(table("load_counts")).get(0);
    assertThat(counts.tokens()).containsExactly(7, 0, 9);
    assertThat(counts.step()).isEqualTo(3);
  }

  private static final PlacementRow PLACE =
      new PlacementRow(
          "p",
          "sextant",
          "4x8-h200",
          160,
          "sglang",
          "bf16",
          null,
          "2026-01-04",
          "2026-01-05",
          1,
          5,
          2,
          0,
          9,
          "run",
          "m",
          "2026-01-05");

  private record Place(int expert, int gpu) {}

  /** The table as written before plans had an id. */
  @Test
  void plansOfAnOlderVersionHaveNoId() {
    SmallTable.write(List.of(PLACE), PlanTables.PLACEMENTS, warehouse + "/new");
    table("new")
        .drop("plan_id", "cluster", "slots", "precision", "traffic", "from_day", "to_day")
        .write()
        .partitionBy("model", "day")
        .parquet(path("placements"));

    Dataset<Row> placements =
        SparkTables.read(TestSpark.session(), warehouse.toString(), PlanTables.PLACEMENTS)
            .orElseThrow();
    assertThat(TypedRows.of(PlacementRow.class).collect(placements))
        .containsExactly(
            new PlacementRow(
                null,
                "sextant",
                null,
                null,
                "sglang",
                null,
                null,
                null,
                null,
                1,
                5,
                2,
                0,
                9,
                "run",
                "m",
                "2026-01-05"));
  }

  @Test
  void aRecordReadsItsOwnColumnsOnly() {
    SmallTable.write(List.of(PLACE), PlanTables.PLACEMENTS, warehouse + "/placements");

    assertThat(TypedRows.of(Place.class).collect(table("placements")))
        .containsExactly(new Place(9, 2));
  }

  /** The table as written by a version without some of the columns. */
  @Test
  void columnsThatAnOlderVersionDidNotWriteAreNull() {
    SmallTable.write(List.of(FILE), TraceTables.FILES, warehouse + "/new");
    table("new")
        .drop("remarks", "tokens_id", "repeated")
        .write()
        .partitionBy("model")
        .parquet(path("files"));

    Dataset<Row> files =
        SparkTables.read(TestSpark.session(), warehouse.toString(), TraceTables.FILES)
            .orElseThrow();
    assertThat(TypedRows.of(FileRow.class).collect(files))
        .containsExactly(
            new FileRow(
                "c0", "a.zst", null, 9, 1, 2, 16, 0, null, null, null, "ingested", "run", "m"));
  }

  @Test
  void whatIsMissingIsNamed() {
    SmallTable.write(List.of(FILE), TraceTables.FILES, warehouse + "/files");

    assertThatThrownBy(() -> TypedRows.of(Place.class).collect(table("files")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("No column for expert")
        .hasMessageContaining("content_id");
    Dataset<Row> without = table("files").selectExpr("cast(null as int) as expert", "1 as gpu");
    assertThatThrownBy(() -> TypedRows.of(Place.class).collect(without))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expert");
  }

  private Dataset<Row> table(String name) {
    return TestSpark.session().read().parquet(path(name));
  }

  private String path(String name) {
    return warehouse.resolve(name).toString();
  }
}
