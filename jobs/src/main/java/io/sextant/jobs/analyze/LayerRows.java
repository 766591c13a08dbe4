package io.sextant.jobs.analyze;

import io.sextant.jobs.analyze.count.Phase;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.UsageTables.DailyImbalanceRow;
import io.sextant.schema.table.UsageTables.DomainSimilarityRow;
import io.sextant.schema.table.UsageTables.DriftRow;
import io.sextant.schema.table.UsageTables.ImbalanceRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the rows of one layer for the tables that do not average over layers. */
final class LayerRows {
  private static final int[] EP_SIZES = {4, 8, 16, 32, 64};

  private final ModelSpec model;
  private final Window window;
  private final int layer;
  private final LayerLoads loads;

  /**
   * @param layer the layer's absolute id
   * @param loads the layer's loads over the window
   */
  LayerRows(ModelSpec model, Window window, int layer, LayerLoads loads) {
    this.model = model;
    this.window = window;
    this.layer = layer;
    this.loads = loads;
  }

  /** Rows for the whole window and for each domain of the window. */
  List<ImbalanceRow> imbalance() {
    List<ImbalanceRow> rows = new ArrayList<>();
    addImbalance(rows, LayerFigures.ALL, loads.whole());
    loads
        .byDomain()
        .forEach((domain, load) -> addImbalance(rows, LayerFigures.domain(domain), load));
    return rows;
  }

  private void addImbalance(List<ImbalanceRow> rows, String domain, long[][] load) {
    for (Grouped one : grouped(load)) {
      Imbalance imbalance = one.imbalance();
      rows.add(
          new ImbalanceRow(
              window.from(),
              window.to(),
              layer,
              one.phase().label(),
              domain,
              one.epSize(),
              imbalance.maxOverMean(),
              imbalance.meanOverMax(),
              imbalance.jain(),
              imbalance.cv(),
              imbalance.gini(),
              one.tokens(),
              window.runId(),
              window.model(),
              window.to()));
    }
  }

  /** Rows for each day. */
  List<DailyImbalanceRow> dailyImbalance() {
    List<DailyImbalanceRow> rows = new ArrayList<>();
    loads
        .byDay()
        .forEach(
            (day, load) ->
                grouped(load)
                    .forEach(
                        one ->
                            rows.add(
                                new DailyImbalanceRow(
                                    layer,
                                    one.phase().label(),
                                    one.epSize(),
                                    one.imbalance().maxOverMean(),
                                    one.imbalance().meanOverMax(),
                                    one.imbalance().jain(),
                                    one.imbalance().cv(),
                                    one.imbalance().gini(),
                                    one.tokens(),
                                    window.runId(),
                                    window.model(),
                                    day))));
    return rows;
  }

  /** The imbalance of a number of groups of experts in a phase. */
  private record Grouped(Phase phase, int epSize, Imbalance imbalance, long tokens) {}

  private List<Grouped> grouped(long[][] load) {
    List<Grouped> found = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      long[] expertLoad = phase.of(load);
      long choices = LayerLoads.sum(expertLoad);
      if (choices == 0) {
        continue;
      }
      for (int epSize : epSizes(model.experts())) {
        found.add(
            new Grouped(
                phase,
                epSize,
                Imbalance.of(Imbalance.grouped(expertLoad, epSize)),
                choices / model.topK()));
      }
    }
    return found;
  }

  /** Rows for single experts, then for groups of experts. */
  private static List<Integer> epSizes(int experts) {
    List<Integer> sizes = new ArrayList<>(List.of(experts));
    for (int size : EP_SIZES) {
      if (size < experts && experts % size == 0) {
        sizes.add(size);
      }
    }
    return sizes;
  }

  /** Rows for each pair of domains. */
  List<DomainSimilarityRow> domainSimilarity() {
    List<DomainSimilarityRow> rows = new ArrayList<>();
    for (Phase phase : phasesWithRows()) {
      for (String a : loads.byDomain().keySet()) {
        for (String b : loads.byDomain().tailMap(a, false).keySet()) {
          Optional<Similarity> similarity =
              similarity(phase, loads.byDomain().get(a), loads.byDomain().get(b));
          rows.add(
              new DomainSimilarityRow(
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
        }
      }
    }
    return rows;
  }

  /** Rows for each pair of days. */
  List<DriftRow> drift() {
    List<DriftRow> rows = new ArrayList<>();
    for (Phase phase : phasesWithRows()) {
      for (String a : loads.byDay().keySet()) {
        for (String b : loads.byDay().tailMap(a, false).keySet()) {
          Optional<Similarity> similarity =
              similarity(phase, loads.byDay().get(a), loads.byDay().get(b));
          rows.add(
              new DriftRow(
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
        }
      }
    }
    return rows;
  }

  private List<Phase> phasesWithRows() {
    List<Phase> phases = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      if (LayerLoads.sum(phase.of(loads.whole())) > 0) {
        phases.add(phase);
      }
    }
    return phases;
  }

  /** Empty if one of the two has no rows in the phase. */
  private static Optional<Similarity> similarity(Phase phase, long[][] a, long[][] b) {
    long[] loadA = phase.of(a);
    long[] loadB = phase.of(b);
    return LayerLoads.sum(loadA) == 0 || LayerLoads.sum(loadB) == 0
        ? Optional.empty()
        : Optional.of(Similarity.of(loadA, loadB));
  }
}
