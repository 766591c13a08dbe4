package io.sextant.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.table.TypedRows;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.trace.RequestTrace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestsTableTest {
  private static final String MODEL = "sextant-128x8";

  @TempDir private Path folder;

  private record Row(
      long requestId,
      String source,
      long arrivalMs,
      String label,
      int sourceRank,
      int[] promptTokenIds,
      int prefillTokens,
      int decodeTokens,
      String day) {}

  private List<Row> ingested(Path pack, String... options) throws IOException {
    String warehouse = folder.resolve("warehouse").toString();
    String[] arguments =
        Stream.concat(
                List.of(
                    "ingest",
                    "--input",
                    pack.toString(),
                    "--model",
                    MODEL,
                    "--warehouse",
                    warehouse)
                    .stream(),
                Stream.of(options))
            .toArray(String[]::new);
    CommandRun.done(arguments);
    SparkSession spark = TestSpark.session();
    return TypedRows.of(Row.class)
        .collect(SparkTables.read(spark, warehouse, TraceTables.REQUESTS).orElseThrow())
        .stream()
        .sorted(Comparator.comparingLong(Row::requestId))
        .toList();
  }

  private static List<RequestTrace> requests(Path pack) throws Exception {
    return TestPacks.read(pack, ModelSpecs.load(MODEL)).stream()
        .sorted(Comparator.comparingLong(RequestTrace::requestId))
        .toList();
  }

  @Test
  void holdsEveryRequestWithItsPrompt() throws Exception {
    Path pack = TestPacks.small("day08-tokens");
    List<RequestTrace> requests = requests(pack);
    List<Row> rows = ingested(pack);
    assertThat(rows).hasSize(100);
    for (int i = 0; i < rows.size(); i++) {
      RequestTrace request = requests.get(i);
      Row row = rows.get(i);
      assertThat(row.requestId()).isEqualTo(request.requestId());
      assertThat(row.source()).isEqualTo("day08-tokens");
      assertThat(row.arrivalMs()).isEqualTo(request.arrivalMillis());
      assertThat(row.label()).isEqualTo(request.domain());
      assertThat(row.sourceRank()).isEqualTo(request.sourceRank());
      assertThat(row.prefillTokens()).isEqualTo(request.prefillTokens());
      assertThat(row.decodeTokens()).isEqualTo(request.decodeTokens());
      assertThat(row.day()).isEqualTo("2026-09-14");
      assertThat(row.promptTokenIds())
          .hasSize(request.prefillTokens())
          .isEqualTo(request.promptTokenIds());
    }
  }

  @Test
  void leavesTokenIdsOutIfAskedTo() throws IOException {
    assertThat(ingested(TestPacks.small("day08-tokens"), "--no-token-ids"))
        .hasSize(100)
        .allMatch(row -> row.promptTokenIds() == null)
        .allMatch(row -> row.label().length() > 2);
  }

  @Test
  void samplesHaveLabelsButNoTokenIds() throws IOException {
    assertThat(ingested(TestPacks.samples().resolve("day08.safetensors.zst")))
        .hasSize(300)
        .allMatch(row -> row.promptTokenIds() == null)
        .extracting(Row::label)
        .contains("math", "code-java");
  }
}
