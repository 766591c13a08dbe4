package io.sextant.jobs.analyze;

import java.io.Serializable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * One layer's loads on one day, on their way to the file of the day.
 *
 * @param layer absolute id
 * @param cells loads of the day's hours and domains, in order
 */
record DayLoads(int layer, LinkedHashMap<Cell, PhaseLoads> cells) implements Serializable {

  /** A layer's loads, cut by day. */
  static SortedMap<String, DayLoads> of(LayerTally tally) {
    SortedMap<String, DayLoads> days = new TreeMap<>();
    tally
        .cells()
        .forEach(
            (cell, loads) ->
                days.computeIfAbsent(
                        cell.day(), day -> new DayLoads(tally.layer(), new LinkedHashMap<>()))
                    .cells
                    .put(cell, loads));
    return days;
  }

  /** Rows of {@code expert_load} from every layer of one day. */
  static Iterator<Row> rows(Scope scope, Iterable<DayLoads> layers) {
    return StreamSupport.stream(layers.spliterator(), false)
        .flatMap(layer -> layer.rows(scope))
        .iterator();
  }

  /** An expert without tokens has no row. */
  private Stream<Row> rows(Scope scope) {
    return cells.entrySet().stream()
        .flatMap(cell -> Stream.of(Phase.RECORDED).flatMap(phase -> rows(scope, cell, phase)));
  }

  private Stream<Row> rows(Scope scope, Map.Entry<Cell, PhaseLoads> entry, Phase phase) {
    Cell cell = entry.getKey();
    long[] tokens = entry.getValue().of(phase);
    return IntStream.range(0, tokens.length)
        .filter(expert -> tokens[expert] > 0)
        .mapToObj(
            expert ->
                RowFactory.create(
                    cell.hour(),
                    cell.domain(),
                    phase.label(),
                    layer,
                    expert,
                    tokens[expert],
                    scope.runId(),
                    scope.model(),
                    cell.day()));
  }
}
