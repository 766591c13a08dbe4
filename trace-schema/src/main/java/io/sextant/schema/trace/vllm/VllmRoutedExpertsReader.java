package io.sextant.schema.trace.vllm;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.NpyHeader;
import io.sextant.schema.tensor.ZipArchive;
import io.sextant.schema.tensor.ZipEntryBytes;
import io.sextant.schema.trace.LayerAxis;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads vLLM's {@code routed_experts} of one request, saved with {@code numpy.savez} or {@code
 * savez_compressed}: {@code prompt_routed_experts} and {@code routed_experts}, integers [tokens,
 * layers, k]. The layers are the MoE layers, or all of them.
 *
 * <p>What the file does not have: arrival is when the file was written, the source rank 0, the
 * domain {@code unknown}; the request id is the last number of the file's name.
 *
 * <p>Memory: the request.
 */
public final class VllmRoutedExpertsReader implements TraceReader {
  private static final String PROMPT = "prompt_routed_experts.npy";
  private static final String GENERATED = "routed_experts.npy";

  @Override
  public String format() {
    return "vllm";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return ZipArchive.mayBegin(head)
        && new String(head, StandardCharsets.ISO_8859_1).contains(GENERATED);
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    LayerRows rows = new LayerRows(model, new HeapShare());
    int prefill = 0;
    try (ZipArchive archive = ZipArchive.open(file)) {
      ZipArchive.Entry prompt = archive.entry(PROMPT);
      ZipArchive.Entry generated = archive.entry(GENERATED);
      if (prompt == null && generated == null) {
        throw new CorruptTraceException(
            "neither %s nor %s is in the archive".formatted(PROMPT, GENERATED));
      }
      if (prompt != null) {
        take(archive, prompt, model, rows);
        prefill = rows.tokens(0);
      }
      if (generated != null) {
        take(archive, generated, model, rows);
      }
    }
    rows.deliver(
        sink,
        0,
        new RequestHead(
            FileNames.requestId(file.path()), file.modifiedMillis(), FileNames.UNKNOWN_DOMAIN, 0),
        prefill);
  }

  private static void take(
      ZipArchive archive, ZipArchive.Entry entry, ModelSpec model, LayerRows rows)
      throws CorruptTraceException, IOException {
    try (ZipEntryBytes bytes = archive.open(entry)) {
      NpyHeader header = NpyHeader.read(bytes);
      long[] shape = header.shape();
      if (shape.length != 3 || shape[2] != model.topK()) {
        throw new CorruptTraceException(
            "%s has shape %s, expected [tokens, layers, %d]"
                .formatted(entry.name(), Arrays.toString(shape), model.topK()));
      }
      int[] positions = LayerAxis.positions(model, shape[1]);
      int topK = model.topK();
      int item = header.itemBytes();
      byte[] row = new byte[(int) shape[1] * topK * item];
      int[] ids = new int[topK];
      for (long token = 0; token < shape[0]; token++) {
        bytes.fill(row, 0, row.length);
        for (int layer = 0; layer < positions.length; layer++) {
          int at = positions[layer] * topK * item;
          for (int k = 0; k < topK; k++, at += item) {
            ids[k] = LittleEndian.id(row, at, item, header.signed());
          }
          rows.add(layer, ids, 0);
        }
      }
      bytes.finish();
    }
  }
}
