package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.TorchArchive;
import io.sextant.schema.tensor.TorchTensor;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.IOException;
import java.util.Arrays;

/**
 * The logical experts of one forward pass. The arrays are reused for each pass and grow with the
 * largest one.
 */
final class PassRows {
  private final ModelSpec model;
  private final SglangMap map;
  private final FileLayers layers;
  private final boolean linear;
  private final HeapShare share;
  private final int topK;

  /** Expert ids, shape [MoE layers][tokens x topK]. */
  private final short[][] ids;

  /** Whether a token has experts, shape [MoE layers][tokens]. */
  private final boolean[][] filled;

  /** The last row in which each expert was seen, as a value of {@link #mark}. */
  private final int[] seen;

  private int mark;
  private int tokens;

  /**
   * The fault of a row with more experts than the model's top-k. An id outside the map is reported
   * first, because it says more.
   */
  private CorruptTraceException tooMany;

  PassRows(ModelSpec model, SglangMap map, FileLayers layers, HeapShare share) {
    this.model = model;
    this.map = map;
    this.layers = layers;
    this.linear = map.isLinear(layers.positions());
    this.share = share;
    this.topK = model.topK();
    this.ids = new short[layers.positions().length][0];
    this.filled = new boolean[layers.positions().length][0];
    this.seen = new int[model.experts()];
  }

  /**
   * Reads a pass's rows. If {@code complete} is set, the rows of the pass before, which are
   * incomplete, are kept, and the layers that this pass fills are added to them.
   */
  void read(TorchArchive archive, SglangPass pass, boolean complete)
      throws CorruptTraceException, IOException {
    TorchTensor experts = pass.experts();
    long[] shape = experts.shape();
    if (shape[2] < topK || shape[2] > Short.MAX_VALUE) {
      throw pass.fault(
          "has %d columns of experts, but top_k of %s is %d"
              .formatted(shape[2], model.name(), topK));
    }
    if (shape[0] != map.layers()) {
      throw pass.fault(
          "has %d layers, but %s has %d".formatted(shape[0], SglangMap.FIELD, map.layers()));
    }
    tokens = pass.positions().length;
    makeRoom();
    int item = experts.itemBytes();
    int rowBytes = (int) shape[2] * item;
    byte[] row = new byte[rowBytes];
    int layer = 0;
    try (ZipEntryBytes bytes =
        archive.values(experts, "topk_ids_of_layer of forward pass " + pass.id())) {
      for (int position = 0; position < shape[0]; position++) {
        if (layer == ids.length || layers.positions()[layer] != position) {
          bytes.skip(shape[1] * rowBytes);
          continue;
        }
        for (int token = 0; token < tokens; token++) {
          bytes.fill(row, 0, rowBytes);
          boolean isFilled = LittleEndian.id(row, 0, item, experts.signed()) >= 0;
          if (isFilled) {
            take(pass, layer, token, row, item);
          }
          filled[layer][token] = isFilled || (complete && filled[layer][token]);
        }
        bytes.skip((shape[1] - tokens) * rowBytes);
        layer++;
      }
      bytes.finish();
    }
  }

  private void take(SglangPass pass, int layer, int token, byte[] row, int item)
      throws CorruptTraceException {
    boolean signed = pass.experts().signed();
    int position = layers.positions()[layer];
    short[] names = map.logical()[position];
    int at = token * topK;
    mark++;
    for (int k = 0; k < topK; k++) {
      int physical = LittleEndian.id(row, k * item, item, signed);
      if (physical < 0) {
        throw pass.fault(
            "layer %d, token %d has %d experts, but top_k of %s is %d"
                .formatted(position, token, k, model.name(), topK));
      }
      if (physical >= names.length || names[physical] < 0) {
        throw pass.fault(
            "layer %d, token %d has physical expert %d, which is not in %s of %d; fused shared experts widen the ids. Record with --disable-shared-experts-fusion"
                .formatted(position, token, physical, SglangMap.FIELD, names.length));
      }
      int expert = names[physical];
      if (seen[expert] == mark && !linear) {
        throw pass.fault(
            "layer %d, token %d has expert %d twice under %s: the map changed while the engine recorded. %s"
                .formatted(
                    position,
                    token,
                    expert,
                    SglangMap.FIELD,
                    SglangMap.RECORD_WITHOUT_REBALANCING));
      }
      seen[expert] = mark;
      ids[layer][at + k] = (short) expert;
    }
    for (int k = topK; k * item < row.length; k++) {
      int physical = LittleEndian.id(row, k * item, item, signed);
      if (tooMany == null && physical >= 0 && physical < names.length) {
        tooMany =
            pass.fault(
                "layer %d, token %d has more than the %d experts that are top_k of %s"
                    .formatted(position, token, topK, model.name()));
      }
    }
  }

  private void makeRoom() throws CorruptTraceException {
    if (tokens <= filled[0].length) {
      return;
    }
    share.take((long) (tokens - filled[0].length) * ids.length * (Short.BYTES * topK + 1));
    for (int layer = 0; layer < ids.length; layer++) {
      ids[layer] = Arrays.copyOf(ids[layer], Math.multiplyExact(tokens, topK));
      filled[layer] = Arrays.copyOf(filled[layer], tokens);
    }
  }

  /**
   * Copies one token's experts.
   *
   * @param layer index among the MoE layers
   * @param target shape [topK]
   */
  void ids(int layer, int token, int[] target) {
    for (int k = 0; k < topK; k++) {
      target[k] = ids[layer][token * topK + k];
    }
  }

  /**
   * To be called after the last pass.
   *
   * @throws CorruptTraceException if rows had more experts than the model's top-k
   */
  void requireTopK() throws CorruptTraceException {
    if (tooMany != null) {
      throw tooMany;
    }
  }

  /** Whether each token has experts in all MoE layers, shape [tokens]. */
  boolean[] recorded() {
    boolean[] recorded = new boolean[tokens];
    Arrays.fill(recorded, true);
    for (boolean[] ofLayer : filled) {
      for (int token = 0; token < tokens; token++) {
        recorded[token] &= ofLayer[token];
      }
    }
    return recorded;
  }

  /** Whether any token has experts in the MoE layer at an index. */
  boolean isFilled(int layer) {
    for (int token = 0; token < tokens; token++) {
      if (filled[layer][token]) {
        return true;
      }
    }
    return false;
  }

  int layers() {
    return ids.length;
  }
}
