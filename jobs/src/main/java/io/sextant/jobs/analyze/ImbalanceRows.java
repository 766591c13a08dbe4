package io.sextant.jobs.analyze;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code imbalance}: every day, and the window with each of its domains. */
final class ImbalanceRows {
  /** Names every domain together. */
  static final String ALL_DOMAINS = "all";

  private static final int[] EP_SIZES = {4, 8, 16, 32, 64};

  private final Scope scope;
  private final LayerTally tally;
  private final List<Row> rows = new ArrayList<>();

  private ImbalanceRows(Scope scope, LayerTally tally) {
    this.scope = scope;
    this.tally = tally;
  }

  /** A phase without tokens has no row. */
  static List<Row> of(Scope scope, LayerTally tally) {
    ImbalanceRows imbalance = new ImbalanceRows(scope, tally);
    // A window of one day is that day.
    if (!scope.from().equals(scope.to())) {
      tally.loadsBy(Cell::day).forEach((day, loads) -> imbalance.add(day, day, ALL_DOMAINS, loads));
    }
    imbalance.add(scope.from(), scope.to(), ALL_DOMAINS, tally.loads());
    tally
        .loadsBy(Cell::domain)
        .forEach((domain, loads) -> imbalance.add(scope.from(), scope.to(), domain, loads));
    return imbalance.rows;
  }

  private void add(String from, String to, String domain, PhaseLoads loads) {
    for (Phase phase : Phase.values()) {
      long[] byExpert = loads.of(phase);
      long choices = 0;
      for (long load : byExpert) {
        choices += load;
      }
      if (choices == 0) {
        continue;
      }
      long tokens = choices / tally.topK();
      for (int epSize : EP_SIZES) {
        if (epSize < tally.experts() && tally.experts() % epSize == 0) {
          long[] byGpu = ImbalanceFigures.grouped(byExpert, epSize);
          add(from, to, phase, domain, epSize, ImbalanceFigures.of(byGpu), tokens);
        }
      }
      add(from, to, phase, domain, tally.experts(), ImbalanceFigures.of(byExpert), tokens);
    }
  }

  private void add(
      String from,
      String to,
      Phase phase,
      String domain,
      int epSize,
      ImbalanceFigures figures,
      long tokens) {
    rows.add(
        RowFactory.create(
            from,
            to,
            tally.layer(),
            phase.label(),
            domain,
            epSize,
            figures.maxOverMean(),
            figures.meanOverMax(),
            figures.jain(),
            figures.cv(),
            figures.gini(),
            tokens,
            scope.runId(),
            scope.model(),
            to));
  }
}
