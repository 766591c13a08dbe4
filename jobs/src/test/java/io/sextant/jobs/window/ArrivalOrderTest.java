package io.sextant.jobs.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.TestSpark;
import io.sextant.schema.trace.RequestOrigin;
import io.sextant.schema.trace.RequestTrace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Requests of two ranks; the last digit of a name is that of its rank. */
class ArrivalOrderTest {
  private static final long MINUTE = 1_789_344_000_000L;

  private record Arrived(String name, long arrivalMillis, Long pass, long id) {
    Arrived(String name, long arrivalMillis, Long pass) {
      this(name, arrivalMillis, pass, 0);
    }

    RequestTrace request() {
      RequestOrigin origin = pass == null ? RequestOrigin.UNKNOWN : RequestOrigin.inPass(pass);
      return new RequestTrace(
          id, arrivalMillis, "", 0, 0, 0, 0, 8, new int[0], new short[0][], new int[0], origin);
    }
  }

  /** Two ranks dumped at different moments of a minute; a request without a pass came between. */
  private static final List<Arrived> IN_ORDER =
      List.of(
          new Arrived("before", MINUTE - 1, null),
          new Arrived("a0", MINUTE, 5L, 0),
          new Arrived("a1", MINUTE + 800, 5L, 0),
          new Arrived("a0 second", MINUTE, 5L, 1),
          new Arrived("a1 second", MINUTE + 800, 5L, 1),
          new Arrived("b0", MINUTE, 6L),
          new Arrived("c1", MINUTE + 800, 7L),
          new Arrived("d0", MINUTE, 900L),
          new Arrived("alone", MINUTE + 100, null),
          new Arrived("next minute 0", MINUTE + 60_000, 2L),
          new Arrived("next minute 1", MINUTE + 61_000, 3L));

  @Test
  void ranksAreOrderedByPassWithinAMinute() throws IOException {
    List<Arrived> shuffled = new ArrayList<>();
    for (int i = 0; i < IN_ORDER.size(); i++) {
      shuffled.add(IN_ORDER.get((i * 5 + 3) % IN_ORDER.size()));
    }
    assertThat(shuffled).containsExactlyInAnyOrderElementsOf(IN_ORDER);
    List<Arrived> sorted = new ArrayList<>(shuffled);
    sorted.sort((a, b) -> ArrivalOrder.OF_REQUESTS.compare(a.request(), b.request()));
    assertThat(sorted).isEqualTo(IN_ORDER);
    assertThat(sortedBySpark(shuffled)).isEqualTo(IN_ORDER.stream().map(Arrived::name).toList());
  }

  private static List<String> sortedBySpark(List<Arrived> rows) throws IOException {
    StructType schema =
        new StructType()
            .add("source", DataTypes.StringType)
            .add("arrival", DataTypes.LongType)
            .add("pass", DataTypes.LongType)
            .add("id", DataTypes.LongType);
    SparkSession spark = TestSpark.session();
    List<Row> values =
        rows.stream()
            .map(row -> RowFactory.create(row.name(), row.arrivalMillis(), row.pass(), row.id()))
            .toList();
    Column[] order = ArrivalOrder.columns("arrival", "id").toArray(new Column[0]);
    return spark.createDataFrame(values, schema).orderBy(order).collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }
}
