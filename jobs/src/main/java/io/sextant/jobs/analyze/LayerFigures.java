package io.sextant.jobs.analyze;

import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The figures of one layer: rows of tables where they are final, sums where they go on to be
 * averaged over layers.
 *
 * @param layer absolute id
 * @param imbalance rows of that table
 * @param domainSimilarity rows of that table
 * @param drift rows of that table
 * @param bySource correlations of single requests, by source
 * @param batches correlations of the requests of one day and hour together
 * @param byDomain one correlation a domain
 */
record LayerFigures(
    int layer,
    List<Row> imbalance,
    List<Row> domainSimilarity,
    List<Row> drift,
    NavigableMap<String, CorrelationSums> bySource,
    CorrelationSums batches,
    NavigableMap<String, CorrelationSums> byDomain)
    implements Serializable {
  static final String ALL = "all";
  private static final int[] EP_SIZES = {4, 8, 16, 32, 64};

  /**
   * @param loads the layer's over the window
   */
  static LayerFigures of(ModelSpec model, Window window, int layer, LayerLoads loads) {
    CorrelationSums batches = new CorrelationSums();
    loads.byBatch().values().forEach(load -> addCorrelation(batches, load));
    NavigableMap<String, CorrelationSums> byDomain = new TreeMap<>();
    loads
        .byDomain()
        .forEach(
            (domain, load) ->
                addCorrelation(
                    byDomain.computeIfAbsent(domain, absent -> new CorrelationSums()), load));
    return new LayerFigures(
        layer,
        imbalance(model, window, layer, loads),
        domainSimilarity(window, layer, loads),
        drift(window, layer, loads),
        loads.requests(),
        batches,
        byDomain);
  }

  private static void addCorrelation(CorrelationSums sums, long[][] load) {
    sums.addTokens(LayerLoads.sum(load[0]), LayerLoads.sum(load[1]));
    Correlation.of(load[0], load[1]).ifPresent(sums::add);
  }

  private static List<Row> imbalance(ModelSpec model, Window window, int layer, LayerLoads loads) {
    List<Row> rows = new ArrayList<>();
    loads
        .byDay()
        .forEach(
            (day, load) -> {
              // The window's own row says it where the window is a day.
              if (window.days().size() > 1) {
                addImbalance(rows, model, window, layer, day, day, ALL, load);
              }
            });
    addImbalance(rows, model, window, layer, window.from(), window.to(), ALL, loads.whole());
    loads
        .byDomain()
        .forEach(
            (domain, load) ->
                addImbalance(rows, model, window, layer, window.from(), window.to(), domain, load));
    return rows;
  }

  private static void addImbalance(
      List<Row> rows,
      ModelSpec model,
      Window window,
      int layer,
      String from,
      String to,
      String domain,
      long[][] load) {
    for (Phase phase : Phase.values()) {
      long[] expertLoad = phase.of(load);
      long choices = LayerLoads.sum(expertLoad);
      if (choices == 0) {
        continue;
      }
      for (int epSize : epSizes(model.experts())) {
        Imbalance imbalance = Imbalance.of(Imbalance.grouped(expertLoad, epSize));
        rows.add(
            RowFactory.create(
                from,
                to,
                layer,
                phase.label(),
                domain,
                epSize,
                imbalance.maxOverMean(),
                imbalance.meanOverMax(),
                imbalance.jain(),
                imbalance.cv(),
                imbalance.gini(),
                choices / model.topK(),
                window.runId(),
                window.model(),
                to));
      }
    }
  }

  /** The experts alone, then groups of them. */
  private static List<Integer> epSizes(int experts) {
    List<Integer> sizes = new ArrayList<>(List.of(experts));
    for (int size : EP_SIZES) {
      if (size < experts && experts % size == 0) {
        sizes.add(size);
      }
    }
    return sizes;
  }

  private static List<Row> domainSimilarity(Window window, int layer, LayerLoads loads) {
    List<Row> rows = new ArrayList<>();
    for (Phase phase : phasesWithRows(loads)) {
      loads
          .byDomain()
          .forEach(
              (a, loadA) ->
                  loads
                      .byDomain()
                      .tailMap(a, false)
                      .forEach(
                          (b, loadB) -> {
                            Optional<Similarity> similarity = similarity(phase, loadA, loadB);
                            rows.add(
                                RowFactory.create(
                                    window.from(),
                                    window.to(),
                                    layer,
                                    phase.label(),
                                    a,
                                    b,
                                    similarity.map(Similarity::cosine).orElse(null),
                                    similarity.map(Similarity::jensenShannon).orElse(null),
                                    window.runId(),
                                    window.model(),
                                    window.to()));
                          }));
    }
    return rows;
  }

  private static List<Row> drift(Window window, int layer, LayerLoads loads) {
    List<Row> rows = new ArrayList<>();
    for (Phase phase : phasesWithRows(loads)) {
      loads
          .byDay()
          .forEach(
              (a, loadA) ->
                  loads
                      .byDay()
                      .tailMap(a, false)
                      .forEach(
                          (b, loadB) -> {
                            Optional<Similarity> similarity = similarity(phase, loadA, loadB);
                            rows.add(
                                RowFactory.create(
                                    layer,
                                    phase.label(),
                                    a,
                                    b,
                                    similarity.map(Similarity::cosine).orElse(null),
                                    similarity.map(Similarity::jensenShannon).orElse(null),
                                    similarity.map(Similarity::totalVariation).orElse(null),
                                    window.runId(),
                                    window.model(),
                                    b));
                          }));
    }
    return rows;
  }

  private static List<Phase> phasesWithRows(LayerLoads loads) {
    List<Phase> phases = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      if (LayerLoads.sum(phase.of(loads.whole())) > 0) {
        phases.add(phase);
      }
    }
    return phases;
  }

  /** Nothing where one of the two has no rows in the phase. */
  private static Optional<Similarity> similarity(Phase phase, long[][] a, long[][] b) {
    long[] loadA = phase.of(a);
    long[] loadB = phase.of(b);
    return LayerLoads.sum(loadA) == 0 || LayerLoads.sum(loadB) == 0
        ? Optional.empty()
        : Optional.of(Similarity.of(loadA, loadB));
  }
}
