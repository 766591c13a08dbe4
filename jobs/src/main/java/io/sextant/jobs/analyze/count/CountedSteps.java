package io.sextant.jobs.analyze.count;

import io.sextant.jobs.window.CountedLayer;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Adds up the counts that engines recorded, by day and layer. They give loads of phase {@link
 * Phase#MIXED} only, because counts do not say which experts a token chose together.
 *
 * @param model the shape of the counts
 */
public record CountedSteps(ModelSpec model)
    implements PairFlatMapFunction<Iterator<Row>, CountKey, Counts>, Serializable {
  private static final String DOMAIN = "unknown";

  @Override
  public Iterator<Tuple2<CountKey, Counts>> call(Iterator<Row> rows) {
    Map<CountKey, Counts> countsByKey = new HashMap<>();
    while (rows.hasNext()) {
      CountedLayer counted = CountedLayer.of(rows.next(), model);
      long[] load =
          countsByKey.computeIfAbsent(
                  new CountKey(counted.layer(), counted.day()), key -> new Counts())
              .load(
                  new Counts.Cell(CountTask.hour(counted.arrivalMillis()), DOMAIN),
                  model.experts())[Phase.MIXED.index()];
      for (int e = 0; e < load.length; e++) {
        load[e] += counted.tokens()[e];
      }
    }
    return countsByKey.entrySet().stream()
        .map(entry -> new Tuple2<>(entry.getKey(), entry.getValue()))
        .iterator();
  }
}
