package io.sextant.jobs.window;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.sextant.schema.trace.RequestTrace;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * The order in which requests fill micro-batches: that of their arrival.
 *
 * <p>Ranks that run the same passes each write a dump of their own within seconds of the others,
 * and a dump has one time for all its requests. In order of arrival alone the requests of one rank
 * would queue behind those of another, although they ran together. So requests of which the pass is
 * known are ordered by the minute of their arrival, then by the pass in which they began, and then
 * by their number within the dump, so that ranks take turns within a pass.
 */
public final class ArrivalOrder {
  private static final long MILLIS_PER_MINUTE = 60_000;
  private static final long NO_PASS = -1;

  /** The same order as {@link #columns} for requests read from files. */
  public static final Comparator<RequestTrace> OF_REQUESTS =
      Comparator.comparingLong(ArrivalOrder::time)
          .thenComparingLong(request -> request.origin().pass())
          .thenComparingLong(request -> request.origin().hasPass() ? request.requestId() : NO_PASS)
          .thenComparingLong(RequestTrace::arrivalMillis);

  private ArrivalOrder() {}

  private static long time(RequestTrace request) {
    long millis = request.arrivalMillis();
    return request.origin().hasPass() ? millis - Math.floorMod(millis, MILLIS_PER_MINUTE) : millis;
  }

  /**
   * The columns to sort by within a day.
   *
   * @param arrival name of the column with the arrival
   * @param requestId name of the column with the request's id
   */
  public static List<Column> columns(String arrival, String requestId) {
    return List.of(
        expr(
            "if(pass is null, %1$s, %1$s - pmod(%1$s, %2$d))"
                .formatted(arrival, MILLIS_PER_MINUTE)),
        expr("coalesce(pass, %dL)".formatted(NO_PASS)),
        expr("if(pass is null, %dL, %s)".formatted(NO_PASS, requestId)),
        col(arrival),
        col("source"),
        col(requestId));
  }
}
