package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.TorchArchive;
import io.sextant.schema.tensor.TorchTensor;
import io.sextant.schema.tensor.ZipEntryBytes;
import io.sextant.schema.trace.LayerAxis;
import io.sextant.schema.trace.LayerCounts;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The modes of SGLang's recorder that only count: {@code stat}, {@code logical_count} [steps,
 * layers, experts], and {@code per_pass}, whose records have {@code global_physical_count} [layers,
 * physical].
 */
final class SglangCounts {
  private static final String STAT = "logical_count";
  private static final String PER_PASS = "global_physical_count";

  private SglangCounts() {}

  /**
   * A record of mode {@code per_pass}.
   *
   * @param id of the forward pass
   * @param physical tokens of each physical expert, shape [layers, physical]
   */
  record Pass(long id, TorchTensor physical) {
    static final int BYTES = 200;

    /** Whether a record counts only. */
    static boolean isRecord(Map<String, Object> dict) {
      return SglangPass.isRecord(dict) && !dict.containsKey("topk_ids_of_layer");
    }

    static Pass of(Map<String, Object> dict) throws CorruptTraceException {
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
    short[] same = new short[model.experts()];
    for (int e = 0; e < same.length; e++) {
      same[e] = (short) e;
    }
    short[][] logical = new short[model.layers()][];
    Arrays.fill(logical, same);
    try (ZipEntryBytes bytes = archive.values(counts, STAT)) {
      for (long step = 0; step < counts.shape()[0]; step++) {
        LayerCounts ofStep = new LayerCounts(model);
        add(bytes, counts, counts.shape()[1], logical, model, ofStep);
        ofStep.deliver(sink, step, arrivalMillis);
      }
      bytes.finish();
    }
  }

  /**
   * @param logical logical experts, shape [layers][physical]
   */
  static void readPasses(
      TorchArchive archive,
      List<Pass> passes,
      short[][] logical,
      ModelSpec model,
      TraceSink sink,
      long arrivalMillis)
      throws CorruptTraceException, IOException {
    for (Pass pass : passes) {
      long[] shape = pass.physical().shape();
      if (shape[0] != logical.length || (shape[0] > 0 && shape[1] != logical[0].length)) {
        throw new CorruptTraceException(
            "forward pass %d counts %s, but the map of physical experts is [%d, %d]"
                .formatted(
                    pass.id(),
                    Arrays.toString(shape),
                    logical.length,
                    logical.length == 0 ? 0 : logical[0].length));
      }
      LayerCounts ofPass = new LayerCounts(model);
      try (ZipEntryBytes bytes =
          archive.values(pass.physical(), PER_PASS + " of forward pass " + pass.id())) {
        add(bytes, pass.physical(), shape[0], logical, model, ofPass);
        bytes.finish();
      }
      ofPass.deliver(sink, pass.id(), arrivalMillis);
    }
  }

  private static void add(
      ZipEntryBytes bytes,
      TorchTensor counts,
      long layers,
      short[][] logical,
      ModelSpec model,
      LayerCounts sum)
      throws CorruptTraceException, IOException {
    int[] positions = LayerAxis.positions(model, layers);
    int item = counts.itemBytes();
    int layer = 0;
    for (int position = 0; position < layers; position++) {
      short[] experts = logical[position];
      byte[] row = new byte[experts.length * item];
      bytes.fill(row, 0, row.length);
      if (layer < positions.length && positions[layer] == position) {
        for (int p = 0; p < experts.length; p++) {
          sum.add(layer, experts[p], LittleEndian.whole(row, p * item, item));
        }
        layer++;
      }
    }
  }
}
