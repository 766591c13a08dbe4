import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Measures DuckDB on the figures of {@code analyze}, over the same Parquet files and with as many
 * threads. Prints one line per query: "name seconds cpu-seconds rows".
 *
 * <pre>java -cp duckdb_jdbc.jar bench/peers/DuckDb.java WAREHOUSE MODEL THREADS DAY</pre>
 *
 * Co-activation is queried for one day only, because all days would take minutes.
 */
final class DuckDb {
  private static final String LOAD =
      """
      select day, hour, domain, layer, phase, expert, count(*) as tokens from (
        select day, arrival_ms // 3600000 % 24 as hour, domain, layer,
          unnest(experts) as expert,
          case when generate_subscripts(experts, 1) <= prefill_tokens * top_k
            then 'prefill' else 'decode' end as phase
        from traces)
      group by all""";

  private static final String TOKENS_BY_LAYER_AND_EXPERT =
      """
      select layer, expert, count(*) as tokens
      from (select layer, unnest(experts) as expert from traces) group by all""";

  private static final String IMBALANCE =
      """
      select layer, max(tokens) / avg(tokens) as max_over_mean, stddev_pop(tokens) / avg(tokens) as cv
      from (%s) group by layer order by layer"""
          .formatted(TOKENS_BY_LAYER_AND_EXPERT);

  private static final String COACTIVATION =
      """
      with ids as (
        select rowid_ as request, layer, (generate_subscripts(experts, 1) - 1) // top_k as token,
          unnest(experts) as expert
        from (select row_number() over () as rowid_, layer, top_k, experts from traces where day = '%s'))
      select x.layer, x.expert as a, y.expert as b, count(*) as tokens
      from ids x join ids y on x.request = y.request and x.token = y.token and x.expert < y.expert
      group by all""";

  private DuckDb() {}

  public static void main(String[] args) throws SQLException {
    Map<String, String> queries = new LinkedHashMap<>();
    queries.put("tokens-by-layer-and-expert", TOKENS_BY_LAYER_AND_EXPERT);
    queries.put("imbalance", IMBALANCE);
    queries.put("load", LOAD);
    queries.put("coactivation-of-a-day", COACTIVATION.formatted(args[3]));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("set threads = " + Integer.parseInt(args[2]));
      statement.execute(
          "create view traces as select * from read_parquet('%s/traces/model=%s/*/*.parquet', hive_partitioning = true)"
              .formatted(args[0], args[1]));
      for (Map.Entry<String, String> query : queries.entrySet()) {
        long began = System.nanoTime();
        long cpu = cpuNanos();
        long rows = 0;
        try (ResultSet result = statement.executeQuery(query.getValue())) {
          while (result.next()) {
            rows++;
          }
        }
        System.out.printf(
            Locale.ROOT,
            "%s %.2f %.2f %d%n",
            query.getKey(),
            (System.nanoTime() - began) / 1e9,
            (cpuNanos() - cpu) / 1e9,
            rows);
      }
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
