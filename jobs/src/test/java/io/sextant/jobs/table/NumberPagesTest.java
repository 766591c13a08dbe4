package io.sextant.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.TestSpark;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.table.TraceTables;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberPagesTest {
  private static final Binary TEXT = Binary.fromString("text");

  @TempDir private java.nio.file.Path folder;

  private record Row(long requestId, int[] promptTokenIds) {}

  /** Missing and empty lists, negative numbers, lists over several pages and longer than a page. */
  @Test
  void sparkReadsWhatIsWritten() throws Exception {
    List<int[]> lists = new ArrayList<>();
    lists.add(null);
    lists.add(new int[0]);
    lists.add(new int[] {-1, Integer.MAX_VALUE, 0});
    lists.add(IntStream.range(0, 200_000).map(i -> i * 31).toArray());
    for (int row = 0; row < 3_000; row++) {
      lists.add(row % 7 == 0 ? null : IntStream.range(row, row + row % 90).toArray());
    }
    Path file = new Path(folder.resolve("requests/model=m/day=2026-09-07/p.parquet").toUri());
    try (TableFile table = new TableFile(file, TraceTables.REQUESTS)) {
      for (int row = 0; row < lists.size(); row++) {
        write(table, row, lists.get(row));
      }
    }
    SparkSession spark = TestSpark.session();
    List<Row> rows =
        TypedRows.of(Row.class)
            .collect(
                SparkTables.read(spark, folder.toString(), TraceTables.REQUESTS)
                    .orElseThrow()
                    .orderBy("request_id"));
    assertThat(rows).hasSameSizeAs(lists);
    for (int row = 0; row < lists.size(); row++) {
      assertThat(rows.get(row).promptTokenIds()).as("row " + row).isEqualTo(lists.get(row));
    }
  }

  private static void write(TableFile table, int row, int[] list) throws Exception {
    table.number(row);
    table.missing(); // request_name
    table.text(TEXT);
    table.number(1);
    table.missing(); // pass
    table.text(TEXT);
    table.smallNumber(0);
    if (list == null) {
      table.missing();
    } else {
      table.smallNumbers(list);
    }
    table.smallNumber(2);
    table.smallNumber(3);
    table.missing(); // identity
    table.text(TEXT);
    table.endRow();
  }
}
