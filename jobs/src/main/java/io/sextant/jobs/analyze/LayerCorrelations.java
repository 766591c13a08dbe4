package io.sextant.jobs.analyze;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Correlations of prefill with decode in one layer.
 *
 * @param layer absolute id
 * @param experts of the layer
 * @param sums by what is compared
 */
record LayerCorrelations(int layer, int experts, TreeMap<Comparison, CorrelationSums> sums)
    implements Serializable {

  static LayerCorrelations of(LayerTally tally) {
    TreeMap<Comparison, CorrelationSums> sums = new TreeMap<>();
    CorrelationSums requests = new CorrelationSums();
    tally
        .sources()
        .forEach(
            (source, ofSource) -> {
              requests.add(ofSource);
              sums.put(new Comparison(Comparison.Kind.SOURCE, source), ofSource);
            });
    sums.put(Comparison.REQUESTS, requests);
    CorrelationSums batches = new CorrelationSums();
    SortedMap<Cell, PhaseLoads> loadsByHour =
        tally.loadsBy(cell -> new Cell(cell.day(), cell.hour(), ""));
    loadsByHour.values().forEach(loads -> add(batches, loads));
    sums.put(Comparison.BATCHES, batches);
    tally
        .loadsBy(Cell::domain)
        .forEach(
            (domain, loads) -> {
              CorrelationSums ofDomain = new CorrelationSums();
              add(ofDomain, loads);
              sums.put(new Comparison(Comparison.Kind.DOMAIN, domain), ofDomain);
            });
    return new LayerCorrelations(tally.layer(), tally.experts(), sums);
  }

  private static void add(CorrelationSums sums, PhaseLoads loads) {
    sums.add(
        Arrays.stream(loads.of(Phase.PREFILL)).asDoubleStream().toArray(),
        Arrays.stream(loads.of(Phase.DECODE)).asDoubleStream().toArray());
  }
}
