package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.TorchArchive;
import io.sextant.schema.tensor.TorchTensor;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.IOException;
import java.util.Arrays;

/**
 * The map in force when SGLang wrote a dump: the logical expert of each physical expert, by layer.
 *
 * @param logical shape [layers of the file][physical]; -1 for an unused slot
 */
record SglangMap(short[][] logical) {
  static final String FIELD = "last_physical_to_logical_map";
  private static final long MOST_PHYSICAL = 1 << 16;

  /** The remedy if the map was not in force for the whole recording. */
  static final String RECORD_WITHOUT_REBALANCING =
      "Record without --enable-eplb, or with an --eplb-rebalance-num-iterations beyond the recording";

  static SglangMap read(TorchArchive archive, TorchTensor tensor, ModelSpec model)
      throws CorruptTraceException, IOException {
    long[] shape = tensor.shape();
    if (shape.length != 2
        || shape[1] > MOST_PHYSICAL
        || shape[0] > model.layers() + FileLayers.MOST_EXTRA) {
      throw new CorruptTraceException(
          "%s has shape %s, expected [layers, physical experts] with the %d layers of %s"
              .formatted(FIELD, Arrays.toString(shape), model.layers(), model.name()));
    }
    short[][] logical = new short[(int) shape[0]][(int) shape[1]];
    int item = tensor.itemBytes();
    byte[] row = new byte[(int) shape[1] * item];
    try (ZipEntryBytes bytes = archive.values(tensor, FIELD)) {
      for (short[] ofLayer : logical) {
        bytes.fill(row, 0, row.length);
        for (int i = 0; i < ofLayer.length; i++) {
          int expert = LittleEndian.id(row, i * item, item, tensor.signed());
          if (expert >= model.experts()) {
            throw new CorruptTraceException(
                "%s: physical expert %d is logical expert %d, but num_experts is %d"
                    .formatted(FIELD, i, expert, model.experts()));
          }
          ofLayer[i] = (short) expert;
        }
      }
      bytes.finish();
    }
    return new SglangMap(logical);
  }

  int layers() {
    return logical.length;
  }

  int physical() {
    return logical.length == 0 ? 0 : logical[0].length;
  }

  /** Whether physical ids equal logical ids in these layers of the file. */
  boolean isLinear(int[] layers) {
    for (int layer : layers) {
      for (int p = 0; p < logical[layer].length; p++) {
        if (logical[layer][p] != p) {
          return false;
        }
      }
    }
    return true;
  }
}
