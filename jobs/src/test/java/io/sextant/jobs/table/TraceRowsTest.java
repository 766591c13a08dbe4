package io.sextant.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.ingest.TestWarehouse;
import io.sextant.jobs.snapshot.TableView;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.trace.RequestTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that ingest wrote are read back unchanged, also from files that other programs wrote. */
class TraceRowsTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static List<String> expected;

  @BeforeAll
  static void ingest() throws Exception {
    spark = TestSpark.session();
    Path pack = TestPacks.samples().resolve("day04.safetensors.zst");
    TestWarehouse.ingest(spark, folder.resolve("w"), MODEL, pack);
    expected = new ArrayList<>();
    for (RequestTrace request : TestPacks.read(pack, MODEL)) {
      for (int l = 0; l < request.layers().length; l++) {
        expected.add(
            "%d %s %d %d %d %s"
                .formatted(
                    request.arrivalMillis(),
                    request.domain(),
                    request.layers()[l],
                    request.prefillTokens(),
                    request.topK(),
                    Arrays.toString(request.experts()[l])));
      }
    }
  }

  private static List<String> rows(Path table) throws Exception {
    List<String> found = new ArrayList<>();
    for (List<TableSplit> task :
        TableSplit.tasks(
            new TableView(new org.apache.hadoop.fs.Path(table.toString()), Optional.empty()),
            MODEL.name(),
            null,
            null,
            2,
            Long.MAX_VALUE)) {
      for (TableSplit split : task) {
        try (TraceRows rows = new TraceRows(split)) {
          while (rows.next()) {
            found.add(
                "%d %s %d %d %d %s"
                    .formatted(
                        rows.arrivalMillis(),
                        rows.domain(),
                        rows.layer(),
                        rows.prefillTokens(),
                        rows.topK(),
                        Arrays.toString(Arrays.copyOfRange(rows.ids(), rows.from(), rows.to()))));
          }
        }
      }
    }
    return found;
  }

  @Test
  void readsWhatIngestWrote() throws Exception {
    assertThat(rows(folder.resolve("w/traces"))).isEqualTo(expected);
  }

  @Test
  void sparkReadsTheSame() {
    List<String> found =
        spark
            .read()
            .parquet(folder.resolve("w/traces").toString())
            .selectExpr(
                "concat_ws(' ', arrival_ms, domain, layer, prefill_tokens, top_k,"
                    + " concat('[', array_join(experts, ', '), ']'))")
            .as(Encoders.STRING())
            .collectAsList();
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  /**
   * Writes a file as a program that joins small files might: nullable columns, small pages, no
   * dictionary.
   */
  @Test
  void readsWhatSparkWroteWithoutADictionary() throws Exception {
    assertThat(rewritten("plain", "parquet.enable.dictionary", "false"))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void readsPagesOfTheSecondVersion() throws Exception {
    assertThat(rewritten("v2", "parquet.writer.version", "v2"))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static List<String> rewritten(String name, String option, String value) throws Exception {
    Path table = folder.resolve(name);
    Dataset<Row> traces = spark.read().parquet(folder.resolve("w/traces").toString());
    traces
        .write()
        .mode(SaveMode.Overwrite)
        .option(option, value)
        .option("parquet.page.size", "20000")
        .partitionBy("model", "day")
        .parquet(table.toString());
    return rows(table);
  }

  @Test
  void keepsEmptyListsAndLongOnes() throws Exception {
    Path table = folder.resolve("edge");
    List<short[]> lists = new ArrayList<>(List.of(new short[0], new short[] {7}));
    short[] longest = new short[(1 << 18) + 5];
    for (int i = 0; i < longest.length; i++) {
      longest[i] = (short) (i % 384);
    }
    lists.add(longest);
    lists.add(new short[0]);
    lists.add(new short[] {383, 0, 1});
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(
            table + "/model=" + MODEL.name() + "/day=2026-01-01/part-0.parquet");
    try (TableFile out = new TableFile(file, TraceTables.TRACES)) {
      Binary text = Binary.fromString("text");
      for (short[] list : lists) {
        out.number(1);
        out.text(text);
        out.number(2);
        out.missing(); // pass
        out.text(text);
        for (int small : new int[] {0, 5, 0, list.length, 0, 1}) {
          out.smallNumber(small);
        }
        out.ids(list);
        out.text(text);
        out.endRow();
      }
    }
    assertThat(rows(table))
        .containsExactlyElementsOf(
            lists.stream().map(list -> "2 text 5 0 1 " + Arrays.toString(list)).toList());
    assertThat(spark.read().parquet(table.toString()).selectExpr("sum(size(experts))").first())
        .isEqualTo(RowFactory.create(lists.stream().mapToLong(list -> list.length).sum()));
  }
}
