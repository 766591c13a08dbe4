package io.sextant.jobs.analyze;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.analyze.count.CorrelationSums;
import io.sextant.jobs.analyze.count.Phase;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.table.UsageTables.ImbalanceRow;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A short summary of an analysis.
 *
 * @param layers figures of each layer, in ascending order of layer
 */
public record AnalyzeSummary(ModelSpec model, Window window, List<LayerFigures> layers) {
  private static final String NOT_AVAILABLE = "not available";

  /** The summary as text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s, %s to %s (%d days)%n%n"
            .formatted(model.name(), window.from(), window.to(), window.days().size()));
    text.append(
        "%5s  %13s  %26s  %26s%n"
            .formatted("layer", "load max/mean", "prefill/decode Pearson", "Spearman"));
    Map<Integer, Double> maxOverMean = maxOverMean();
    NavigableMap<String, CorrelationSums> all = new TreeMap<>();
    for (LayerFigures layer : layers) {
      CorrelationSums requests = PrefillDecodeRows.requests(layer.bySource());
      all.computeIfAbsent(LayerFigures.ALL, absent -> new CorrelationSums()).plus(requests);
      text.append(
          line(
              Integer.toString(layer.layer()),
              "%.2f".formatted(maxOverMean.get(layer.layer())),
              requests));
    }
    CorrelationSums requests = all.get(LayerFigures.ALL);
    text.append(line("all", "", requests));
    if (requests.note() != null) {
      text.append("prefill/decode: %s%n".formatted(requests.note()));
    } else {
      text.append(
          "prefill/decode: mean over %,d pairs of request and layer, with its 95 %% interval%n"
              .formatted(requests.n()));
    }
    return text.toString();
  }

  /** The summary as JSON. A figure that is not available is null, with a note. */
  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model", model.name())
        .put("from_day", window.from())
        .put("to_day", window.to())
        .put("days", window.days().size());
    ArrayNode byLayer = root.putArray("layers");
    Map<Integer, Double> maxOverMean = maxOverMean();
    CorrelationSums all = new CorrelationSums();
    for (LayerFigures layer : layers) {
      CorrelationSums requests = PrefillDecodeRows.requests(layer.bySource());
      all.plus(requests);
      ObjectNode node = byLayer.addObject().put("layer", layer.layer());
      node.put("load_max_over_mean", maxOverMean.get(layer.layer()));
      put(node, requests);
    }
    put(root.putObject("all_layers"), all);
    return root;
  }

  private static void put(ObjectNode node, CorrelationSums requests) {
    put(node.putObject("prefill_decode_pearson"), requests.pearson());
    put(node.putObject("prefill_decode_spearman"), requests.spearman());
    node.put("pairs", requests.n()).put("note", requests.note());
  }

  private static void put(ObjectNode node, Estimate estimate) {
    node.put("value", estimate.value()).put("low", estimate.low()).put("high", estimate.high());
  }

  private static String line(String layer, String maxOverMean, CorrelationSums requests) {
    return "%5s  %13s  %26s  %26s%n"
        .formatted(layer, maxOverMean, text(requests.pearson()), text(requests.spearman()));
  }

  private static String text(Estimate estimate) {
    if (estimate.value() == null) {
      return NOT_AVAILABLE;
    }
    return estimate.low() == null
        ? "%.3f".formatted(estimate.value())
        : "%.3f [%.3f, %.3f]".formatted(estimate.value(), estimate.low(), estimate.high());
  }

  /** Sums each expert's load over all phases and domains. */
  private Map<Integer, Double> maxOverMean() {
    return layers.stream()
        .flatMap(layer -> layer.imbalance().stream())
        .filter(this::isWholeWindow)
        .collect(Collectors.toMap(ImbalanceRow::layer, ImbalanceRow::maxOverMean));
  }

  private boolean isWholeWindow(ImbalanceRow row) {
    return row.fromDay().equals(window.from())
        && row.toDay().equals(window.to())
        && row.phase().equals(Phase.ALL.label())
        && row.domain().equals(LayerFigures.ALL)
        && row.epSize() == model.experts();
  }
}
