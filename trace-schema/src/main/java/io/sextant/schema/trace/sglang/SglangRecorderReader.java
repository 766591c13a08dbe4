package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.PickledList;
import io.sextant.schema.tensor.TorchArchive;
import io.sextant.schema.tensor.TorchTensor;
import io.sextant.schema.tensor.ZipEntryBytes;
import io.sextant.schema.trace.LayerAxis;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Reads what SGLang's expert distribution recorder dumps for one rank in mode {@code per_token}:
 * {@code torch.save({"records": [...], "last_physical_to_logical_map": ...})}. Physical experts are
 * mapped back to logical ones; requests, which the format does not name, are followed by {@link
 * SglangRequests}, and their ids count from 0 in the order of the file. Arrival is the time in the
 * file's name, the domain {@code unknown}.
 *
 * <p>The modes {@code stat} and {@code per_pass} become {@link LoadCounts}. Memory: positions of
 * all tokens, the requests under way, a row of a layer.
 */
public final class SglangRecorderReader implements TraceReader {
  private static final String MAP = "last_physical_to_logical_map";
  private static final long MOST_PHYSICAL = 1 << 16;

  @Override
  public String format() {
    return "sglang";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return TorchArchive.mayBegin(head);
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    HeapShare share = new HeapShare();
    try (TorchArchive archive = TorchArchive.open(file)) {
      Object root = archive.pickle(share, dict -> compact(dict, share));
      long dumpMillis = FileNames.sglangDumpMillis(file);
      if (root instanceof Map<?, ?> dump && SglangCounts.isStat(dump)) {
        SglangCounts.readStat(archive, dump, model, sink, dumpMillis);
        return;
      }
      if (!(root instanceof Map<?, ?> dump)
          || !(dump.get("records") instanceof PickledList records)) {
        throw new CorruptTraceException("the file is no dump of SGLang's recorder: no records");
      }
      if (!(dump.get(MAP) instanceof TorchTensor map)) {
        throw new CorruptTraceException(
            "the file has no %s, so its physical experts cannot be named".formatted(MAP));
      }
      short[][] logical = logical(archive, map, model);
      List<SglangCounts.Pass> counts = all(records, SglangCounts.Pass.class);
      if (!counts.isEmpty()) {
        SglangCounts.readPasses(archive, counts, logical, model, sink, dumpMillis);
        return;
      }
      SglangRequests requests = new SglangRequests(model, share, sink, dumpMillis);
      for (SglangPass pass : all(records, SglangPass.class)) {
        if (pass.positions().length > 0) {
          take(archive, pass, model, logical, requests);
        }
      }
      requests.end();
    }
  }

  /** The records, none where the first is of another kind. */
  private static <T> List<T> all(PickledList records, Class<T> kind) throws CorruptTraceException {
    List<T> all = new ArrayList<>();
    for (Object record : records.values()) {
      if (kind.isInstance(record)) {
        all.add(kind.cast(record));
      } else if (all.isEmpty() && record instanceof SglangPass) {
        return all;
      } else {
        throw new CorruptTraceException(
            "one of the records is of another kind than the others, or has no forward_pass_id");
      }
    }
    return all;
  }

  private static Object compact(Map<String, Object> dict, HeapShare share)
      throws CorruptTraceException {
    if (!SglangPass.isRecord(dict)) {
      return null;
    }
    if (SglangCounts.Pass.isRecord(dict)) {
      share.take(SglangCounts.Pass.BYTES);
      return SglangCounts.Pass.of(dict);
    }
    SglangPass pass = SglangPass.of(dict);
    share.take(pass.bytes());
    return pass;
  }

  /**
   * @return logical experts, shape [layers of the file][physical]
   */
  private static short[][] logical(TorchArchive archive, TorchTensor map, ModelSpec model)
      throws CorruptTraceException, IOException {
    long[] shape = map.shape();
    if (shape.length != 2 || shape[1] > MOST_PHYSICAL || shape[0] > model.layers()) {
      throw new CorruptTraceException(
          "%s has shape %s, expected [layers, physical experts]"
              .formatted(MAP, Arrays.toString(shape)));
    }
    short[][] logical = new short[(int) shape[0]][(int) shape[1]];
    int item = map.itemBytes();
    byte[] row = new byte[(int) shape[1] * item];
    try (ZipEntryBytes bytes = archive.values(map, MAP)) {
      for (short[] ofLayer : logical) {
        bytes.fill(row, 0, row.length);
        for (int i = 0; i < ofLayer.length; i++) {
          int expert = LittleEndian.id(row, i * item, item, map.signed());
          if (expert < 0 || expert >= model.experts()) {
            throw new CorruptTraceException(
                "%s: physical expert %d is logical expert %d, but num_experts is %d"
                    .formatted(MAP, i, expert, model.experts()));
          }
          ofLayer[i] = (short) expert;
        }
      }
      bytes.finish();
    }
    return logical;
  }

  private static void take(
      TorchArchive archive,
      SglangPass pass,
      ModelSpec model,
      short[][] logical,
      SglangRequests requests)
      throws CorruptTraceException, IOException {
    TorchTensor experts = pass.experts();
    long[] shape = experts.shape();
    int topK = model.topK();
    if (shape[2] < topK || shape[2] > Short.MAX_VALUE) {
      throw pass.fault(
          "has %d columns of experts, but top_k of %s is %d"
              .formatted(shape[2], model.name(), topK));
    }
    if (shape[0] != logical.length) {
      throw pass.fault("has %d layers, but %s has %d".formatted(shape[0], MAP, logical.length));
    }
    int[] positions = LayerAxis.positions(model, shape[0]);
    LayerRows[] owners = requests.follow(pass);
    int item = experts.itemBytes();
    int rowBytes = (int) shape[2] * item;
    byte[] row = new byte[rowBytes];
    int[] ids = new int[topK];
    int layer = 0;
    try (ZipEntryBytes bytes =
        archive.values(experts, "topk_ids_of_layer of forward pass " + pass.id())) {
      for (int position = 0; position < shape[0]; position++) {
        if (layer == positions.length || positions[layer] != position) {
          bytes.skip(shape[1] * rowBytes);
          continue;
        }
        short[] names = logical[position];
        for (LayerRows owner : owners) {
          bytes.fill(row, 0, rowBytes);
          for (int k = 0; k < topK; k++) {
            int physical = LittleEndian.id(row, k * item, item, experts.signed());
            ids[k] = physical < 0 || physical >= names.length ? -1 : names[physical];
          }
          owner.add(layer, ids, 0);
        }
        bytes.skip((shape[1] - owners.length) * rowBytes);
        layer++;
      }
      bytes.finish();
    }
  }
}
