package io.sextant.schema.trace.pack;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.SafetensorsHeader;
import io.sextant.schema.tensor.SafetensorsHeader.Tensor;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads Sextant packs: safetensors files with many requests, plain or compressed by zstd or gzip.
 *
 * <p>Tensors, with n requests and t tokens: {@code request_id} and {@code arrival_ms} I64 [n],
 * {@code domain} and {@code dp_rank} U8 [n], {@code prompt_len} and {@code generated_len} I32 [n],
 * {@code token_offset} I64 [n + 1], {@code topk_ids} U8 or U16 [t, MoE layers, k], and optionally
 * {@code token_ids} [t], U16, U32, I32 or I64. Metadata: {@code model}, {@code domains}, {@code
 * moe_layers}, {@code num_experts}, {@code top_k}. The rows of request i are {@code
 * token_offset[i]} to {@code token_offset[i + 1]}; the first {@code prompt_len} of them are
 * prefill. The last generated token is never fed back to the model, so it usually has no row.
 *
 * <p>Memory: the small tensors, at most 64 MB of token ids and one request. If {@code topk_ids}
 * comes before the other tensors, or there are more token ids, they are first copied to a temporary
 * file.
 */
public final class SextantPackReader implements TraceReader {
  private static final int SCRATCH_BYTES = 1 << 18;

  @Override
  public String format() {
    return "pack";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    if (!SafetensorsHeader.mayBegin(head)) {
      return false;
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return text.contains("\"topk_ids\"")
        || text.contains("\"token_offset\"")
        || text.contains("\"moe_layers\"");
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    walk(file, model, sink);
  }

  @Override
  public void verify(TraceFile file, ModelSpec model, TraceHints hints)
      throws CorruptTraceException, IOException {
    walk(file, model, null);
  }

  /**
   * @param sink the receiver of the requests; null to check the file as a whole only
   */
  private static void walk(TraceFile file, ModelSpec model, TraceSink sink)
      throws CorruptTraceException, IOException {
    try (TraceStream stream = TraceStream.open(file)) {
      PackHeader header = PackHeader.read(stream, model);
      PackRequests requests = new PackRequests(header);
      int[] layers = model.moeLayers().stream().mapToInt(Integer::intValue).toArray();
      PackTokenIds tokenIds = new PackTokenIds(header.tokenIds());
      Path setAside = null;
      try (tokenIds) {
        for (Tensor tensor : header.safetensors().tensors()) {
          if (PackRequests.wants(tensor.name())) {
            byte[] bytes = stream.readNBytes((int) tensor.bytes());
            requireReached(tensor, header, requests, stream);
            requests.take(tensor.name(), bytes);
          } else if (tensor.equals(header.tokenIds()) && sink != null) {
            tokenIds.take(stream);
          } else if (!tensor.name().equals(PackHeader.TOPK_IDS) || sink == null) {
            copy(stream, tensor.bytes(), OutputStream.nullOutputStream());
          } else if (requests.complete() && tokenIds.complete()) {
            new PackRows(requests, tokenIds, layers, model.experts(), stream).deliver(sink);
          } else {
            setAside = Files.createTempFile("sextant-topk-", ".bin");
            try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(setAside), SCRATCH_BYTES)) {
              copy(stream, tensor.bytes(), out);
            }
          }
          requireReached(tensor, header, requests, stream);
        }
        requireEnd(header, stream);
        if (setAside != null) {
          try (InputStream in = Files.newInputStream(setAside)) {
            new PackRows(requests, tokenIds, layers, model.experts(), in).deliver(sink);
          }
        }
      } finally {
        if (setAside != null) {
          Files.deleteIfExists(setAside);
        }
      }
    }
  }

  static void copy(InputStream in, long bytes, OutputStream out) throws IOException {
    byte[] scratch = new byte[SCRATCH_BYTES];
    long left = bytes;
    while (left > 0) {
      int count = in.read(scratch, 0, (int) Math.min(left, scratch.length));
      if (count < 0) {
        return;
      }
      out.write(scratch, 0, count);
      left -= count;
    }
  }

  /** Checks that the stream reached the end of the tensor. */
  private static void requireReached(
      Tensor tensor, PackHeader header, PackRequests requests, TraceStream stream)
      throws CorruptTraceException {
    SafetensorsHeader safetensors = header.safetensors();
    if (stream.position() >= safetensors.dataStart() + tensor.end()) {
      return;
    }
    long row = -1;
    if (tensor.name().equals(PackHeader.TOPK_IDS)) {
      long found = stream.position() - safetensors.dataStart() - tensor.begin();
      row = requests.rowOf(found / header.rowBytes());
    }
    throw new CorruptTraceException(
        row,
        Faults.truncated(
            safetensors.dataStart() + safetensors.dataBytes(), stream.position(), stream));
  }

  private static void requireEnd(PackHeader header, TraceStream stream)
      throws CorruptTraceException, IOException {
    long end = stream.position();
    if (stream.read() >= 0) {
      throw new CorruptTraceException(
          "trailing bytes: the header's %d tensors end at byte %d, but the file goes on"
              .formatted(header.safetensors().tensors().size(), end));
    }
    if (stream.damage() != null) {
      throw new CorruptTraceException("after %d bytes %s".formatted(end, stream.damage()));
    }
  }
}
