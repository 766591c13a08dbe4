package io.sextant.jobs.analyze;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code coactivation}: every two experts that some token chose together. */
final class CoactivationRows {
  private final Scope scope;
  private final LayerTally tally;
  private final PhaseLoads loads;

  private CoactivationRows(Scope scope, LayerTally tally) {
    this.scope = scope;
    this.tally = tally;
    this.loads = tally.loads();
  }

  /** Made one by one: a layer of 384 experts has 220,000. */
  static Iterator<Row> of(Scope scope, LayerTally tally) {
    CoactivationRows rows = new CoactivationRows(scope, tally);
    return Arrays.stream(Phase.values()).flatMap(rows::of).iterator();
  }

  private Stream<Row> of(Phase phase) {
    long[] chosen = loads.of(phase);
    long tokens = Arrays.stream(chosen).sum() / tally.topK();
    return IntStream.range(0, chosen.length)
        .boxed()
        .flatMap(
            a ->
                IntStream.range(a + 1, chosen.length)
                    .mapToObj(b -> row(phase, a, b, chosen, tokens))
                    .filter(Objects::nonNull));
  }

  private Row row(Phase phase, int a, int b, long[] chosen, long tokens) {
    long count = tally.pairs(phase, a, b);
    if (count == 0) {
      return null;
    }
    double lift = (double) count * tokens / ((double) chosen[a] * chosen[b]);
    return RowFactory.create(
        scope.from(),
        scope.to(),
        tally.layer(),
        phase.label(),
        a,
        b,
        count,
        lift,
        scope.runId(),
        scope.model(),
        scope.to());
  }
}
