package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.TorchArchive;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds requests from the passes of a {@code per_token} dump. The content of a pass decides what
 * it is, not its mode: a pass that fills no or only some MoE layers of the model belongs to a draft
 * model or an idle rank, or is a part of a prefill that runs layer by layer.
 */
final class SglangTokens {
  private final TorchArchive archive;
  private final ModelSpec model;
  private final SglangMap map;
  private final HeapShare share;
  private final TraceSink sink;
  private final FileLayers layers;
  private final PassRows rows;

  /** Whether any pass filled each MoE layer. */
  private final boolean[] everFilled;

  private long strangePasses;
  private long emptyRows;

  /** The last pass that did not fill all MoE layers; a pass of the same tokens may complete it. */
  private SglangPass incomplete;

  /** Number of passes of the same tokens up to {@link #incomplete}. */
  private long parts;

  SglangTokens(
      TorchArchive archive, ModelSpec model, SglangMap map, HeapShare share, TraceSink sink)
      throws CorruptTraceException {
    this.archive = archive;
    this.model = model;
    this.map = map;
    this.share = share;
    this.sink = sink;
    this.layers = FileLayers.of(model, map.layers());
    this.rows = new PassRows(model, map, layers, share);
    this.everFilled = new boolean[layers.positions().length];
  }

  /**
   * @param arrivalMillis arrival of all requests
   */
  void read(List<SglangPass> passes, long arrivalMillis) throws CorruptTraceException, IOException {
    SglangRequests requests = new SglangRequests(model, passes, share, sink, arrivalMillis);
    boolean any = false;
    for (SglangPass pass : passes) {
      if (pass.positions().length > 0) {
        any = true;
        take(pass, requests);
      }
    }
    rows.requireTopK();
    if (any) {
      requireAllLayers();
    }
    requests.end();
    warn(requests);
  }

  private void take(SglangPass pass, SglangRequests requests)
      throws CorruptTraceException, IOException {
    boolean completes =
        incomplete != null && Arrays.equals(incomplete.positions(), pass.positions());
    rows.read(archive, pass, completes);
    for (int layer = 0; layer < everFilled.length; layer++) {
      everFilled[layer] |= rows.isFilled(layer);
    }
    boolean[] recorded = rows.recorded();
    int without = 0;
    for (boolean isRecorded : recorded) {
      without += isRecorded ? 0 : 1;
    }
    if (without == recorded.length) {
      strangePasses++;
      parts = completes ? parts + 1 : 1;
      incomplete = pass;
      requests.leaveOut(pass);
      return;
    }
    if (completes) {
      strangePasses -= parts;
    }
    incomplete = null;
    emptyRows += without;
    LayerRows[] owners = requests.follow(pass, recorded);
    int[] ids = new int[model.topK()];
    for (int layer = 0; layer < rows.layers(); layer++) {
      for (int token = 0; token < owners.length; token++) {
        if (owners[token] != null) {
          rows.ids(layer, token, ids);
          owners[token].add(layer, ids, 0);
        }
      }
    }
  }

  /** A rank that never fills some layers is one of several pipeline stages. */
  private void requireAllLayers() throws CorruptTraceException {
    List<Integer> missing = new ArrayList<>();
    for (int layer = 0; layer < everFilled.length; layer++) {
      if (!everFilled[layer]) {
        missing.add(model.moeLayers().get(layer));
      }
    }
    if (missing.size() == everFilled.length) {
      throw new CorruptTraceException(
          "no forward pass has experts in any MoE layer of %s".formatted(model.name()));
    }
    if (!missing.isEmpty()) {
      throw new CorruptTraceException(
          "the MoE layers %s were not recorded in any forward pass: this rank is one stage of pipeline parallelism. Record with --pp-size 1, or with mode per_pass, whose counts of all stages add up"
              .formatted(missing));
    }
  }

  private void warn(SglangRequests requests) {
    layers.warnOfExtra(model, sink);
    if (!map.isLinear(layers.positions())) {
      sink.warn(
          "its expert ids are physical and named by the map in force when it was dumped; earlier passes are wrong if the engine rebalanced while recording. %s."
              .formatted(SglangMap.RECORD_WITHOUT_REBALANCING));
    }
    if (strangePasses > 0) {
      sink.warn(
          "%,d forward passes that do not fill the model's MoE layers, such as a draft model's, are left out."
              .formatted(strangePasses));
    }
    if (emptyRows > 0) {
      sink.warn(
          "%,d rows without experts, such as an idle rank's dummy tokens, are left out; %,d requests have no others."
              .formatted(emptyRows, requests.emptyRequests()));
    }
    if (requests.verified() > 0) {
      sink.warn(
          "%,d candidate rows of speculative decoding count as decode rows, since the experts computed them all; at least %,d were rejected."
              .formatted(requests.verified(), requests.rejected()));
    }
  }
}
