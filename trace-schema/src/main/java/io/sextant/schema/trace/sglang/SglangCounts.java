package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.TorchArchive;
import io.sextant.schema.tensor.TorchTensor;
import io.sextant.schema.trace.LayerCounts;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Reads the modes of SGLang's recorder that only count: {@code stat}, with {@code logical_count}
 * [steps, layers, experts], and {@code per_pass}, whose records have {@code global_physical_count}
 * [layers, physical].
 */
final class SglangCounts {
  private static final String STAT = "logical_count";
  private static final String PER_PASS = "global_physical_count";

  private SglangCounts() {}

  /**
   * A record of mode {@code per_pass}.
   *
   * @param id id of the forward pass
   * @param physical number of tokens per physical expert, shape [layers, physical]
   */
  record Pass(long id, TorchTensor physical) {
    static final int BYTES = 200;

    /** Whether a record only counts. */
    static boolean isRecord(Map<?, ?> dict) {
      return SglangPass.isRecord(dict) && !dict.containsKey("topk_ids_of_layer");
    }

    static Pass of(Map<?, ?> dict) throws CorruptTraceException {
      if (!(dict.get("forward_pass_id") instanceof Long id)
          || id < 0
          || !(dict.get(PER_PASS) instanceof TorchTensor physical)
          || physical.shape().length != 2) {
        throw new CorruptTraceException(
            "a record has neither topk_ids_of_layer nor a forward_pass_id with "
                + PER_PASS
                + " [layers, physical experts]");
      }
      return new Pass(id, physical);
    }
  }

  static boolean isStat(Map<?, ?> dump) {
    return dump.containsKey(STAT);
  }

  static void readStat(
      TorchArchive archive, Map<?, ?> dump, ModelSpec model, TraceSink sink, long arrivalMillis)
      throws CorruptTraceException, IOException {
    if (!(dump.get(STAT) instanceof TorchTensor counts)
        || counts.shape().length != 3
        || counts.shape()[2] != model.experts()) {
      throw new CorruptTraceException(
          "%s is not [steps, layers, %d experts]".formatted(STAT, model.experts()));
    }
    FileLayers layers = FileLayers.of(model, counts.shape()[1]);
    short[] same = new short[model.experts()];
    for (int e = 0; e < same.length; e++) {
      same[e] = (short) e;
    }
    short[][] logical = new short[(int) counts.shape()[1]][];
    Arrays.fill(logical, same);
    long counted = 0;
    try (ZipEntryBytes bytes = archive.values(counts, STAT)) {
      for (long step = 0; step < counts.shape()[0]; step++) {
        LayerCounts ofStep = new LayerCounts(model);
        add(bytes, counts, logical, layers, ofStep);
        counted += ofStep.deliver(sink, step, arrivalMillis) ? 1 : 0;
      }
      bytes.finish();
    }
    warnOfNothing(counted, counts.shape()[0], sink);
    layers.warnOfExtra(model, sink);
  }

  /**
   * @param map the map in force when the dump was written
   */
  static void readPasses(
      TorchArchive archive,
      List<Pass> passes,
      SglangMap map,
      ModelSpec model,
      TraceSink sink,
      long arrivalMillis)
      throws CorruptTraceException, IOException {
    FileLayers layers = FileLayers.of(model, map.layers());
    long counted = 0;
    for (Pass pass : passes) {
      long[] shape = pass.physical().shape();
      if (shape[0] != map.layers() || shape[1] != map.physical()) {
        throw new CorruptTraceException(
            "forward pass %d counts %s, but the map of physical experts is [%d, %d]"
                .formatted(pass.id(), Arrays.toString(shape), map.layers(), map.physical()));
      }
      LayerCounts ofPass = new LayerCounts(model);
      try (ZipEntryBytes bytes =
          archive.values(pass.physical(), PER_PASS + " of forward pass " + pass.id())) {
        add(bytes, pass.physical(), map.logical(), layers, ofPass);
        bytes.finish();
      }
      counted += ofPass.deliver(sink, pass.id(), arrivalMillis) ? 1 : 0;
    }
    warnOfNothing(counted, passes.size(), sink);
    layers.warnOfExtra(model, sink);
    if (!map.isLinear(layers.positions())) {
      sink.warn(
          "its counts are of physical experts, named by the map in force when it was dumped; earlier passes are wrong if the engine rebalanced while recording. %s."
              .formatted(SglangMap.RECORD_WITHOUT_REBALANCING));
    }
  }

  private static void warnOfNothing(long counted, long steps, TraceSink sink) {
    if (counted == 0) {
      sink.warn(
          "none of its %,d steps counted a token. Record while the engine serves requests."
              .formatted(steps));
    }
  }

  /**
   * @param logical logical experts, shape [layers of the file][columns of the counts]
   */
  private static void add(
      ZipEntryBytes bytes,
      TorchTensor counts,
      short[][] logical,
      FileLayers layers,
      LayerCounts sum)
      throws CorruptTraceException, IOException {
    int item = counts.itemBytes();
    int layer = 0;
    for (int position = 0; position < logical.length; position++) {
      short[] experts = logical[position];
      byte[] row = new byte[experts.length * item];
      bytes.fill(row, 0, row.length);
      if (layer < layers.positions().length && layers.positions()[layer] == position) {
        for (int p = 0; p < experts.length; p++) {
          long tokens = LittleEndian.whole(row, p * item, item);
          if (tokens != 0) {
            sum.add(layer, experts[p], tokens);
          }
        }
        layer++;
      }
    }
  }
}
