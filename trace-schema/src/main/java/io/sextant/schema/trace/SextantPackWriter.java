package io.sextant.schema.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Writes Sextant packs, as {@link SextantPackReader} describes them. The same requests give the
 * same bytes.
 */
public final class SextantPackWriter {
  private static final int ZSTD_LEVEL = 19;
  private static final int MOST_NARROW_EXPERTS = 256;

  private SextantPackWriter() {}

  /** Writes a pack compressed with zstd. */
  public static void writeZstd(Path file, ModelSpec model, List<RequestTrace> requests)
      throws IOException {
    try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(file), ZSTD_LEVEL)) {
      write(out, model, requests);
    }
  }

  /**
   * Writes a plain pack. {@code generated_len} is one more than the decode rows where there are
   * any, because the last generated token has no row.
   *
   * @throws IllegalArgumentException where a request does not fit the model or the format: another
   *     top-k, other layers, a source rank above 255, more than 256 domains
   */
  public static void write(OutputStream out, ModelSpec model, List<RequestTrace> requests)
      throws IOException {
    List<String> domains = domains(requests);
    int n = requests.size();
    ByteBuffer ids = longs(n);
    ByteBuffer arrivals = longs(n);
    ByteBuffer offsets = longs(n + 1);
    ByteBuffer prompts = ints(n);
    ByteBuffer generated = ints(n);
    ByteBuffer domain = ByteBuffer.allocate(n);
    ByteBuffer ranks = ByteBuffer.allocate(n);
    long tokens = 0;
    offsets.putLong(0);
    for (RequestTrace request : requests) {
      check(request, model);
      ids.putLong(request.requestId());
      arrivals.putLong(request.arrivalMillis());
      tokens += request.tokens();
      offsets.putLong(tokens);
      prompts.putInt(request.prefillTokens());
      generated.putInt(request.decodeTokens() == 0 ? 0 : request.decodeTokens() + 1);
      domain.put((byte) domains.indexOf(request.domain()));
      ranks.put((byte) request.sourceRank());
    }

    boolean narrow = model.experts() <= MOST_NARROW_EXPERTS;
    int layers = model.moeLayers().size();
    List<TensorBytes> tensors =
        List.of(
            new TensorBytes(PackHeader.ARRIVAL_MS, "I64", List.of((long) n), arrivals.array()),
            new TensorBytes(PackHeader.REQUEST_ID, "I64", List.of((long) n), ids.array()),
            new TensorBytes(PackHeader.TOKEN_OFFSET, "I64", List.of(n + 1L), offsets.array()),
            new TensorBytes(PackHeader.GENERATED_LEN, "I32", List.of((long) n), generated.array()),
            new TensorBytes(PackHeader.PROMPT_LEN, "I32", List.of((long) n), prompts.array()),
            new TensorBytes(PackHeader.DOMAIN, "U8", List.of((long) n), domain.array()),
            new TensorBytes(PackHeader.DP_RANK, "U8", List.of((long) n), ranks.array()));
    long rowBytes = (long) layers * model.topK() * (narrow ? 1 : 2);
    byte[] header =
        header(
            model,
            domains,
            tensors,
            narrow ? "U8" : "U16",
            List.of(tokens, (long) layers, (long) model.topK()),
            tokens * rowBytes);
    out.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .array());
    out.write(header);
    for (TensorBytes tensor : tensors) {
      out.write(tensor.bytes());
    }
    for (RequestTrace request : requests) {
      out.write(rows(request, narrow));
    }
  }

  private record TensorBytes(String name, String dtype, List<Long> shape, byte[] bytes) {}

  private static List<String> domains(List<RequestTrace> requests) {
    TreeSet<String> domains = new TreeSet<>();
    for (RequestTrace request : requests) {
      domains.add(request.domain());
    }
    if (domains.size() > 1 << Byte.SIZE) {
      throw new IllegalArgumentException("A pack holds 256 domains, not " + domains.size());
    }
    return List.copyOf(domains);
  }

  private static void check(RequestTrace request, ModelSpec model) {
    List<Integer> layers = new ArrayList<>();
    for (int layer : request.layers()) {
      layers.add(layer);
    }
    if (!layers.equals(model.moeLayers())
        || request.topK() != model.topK()
        || request.sourceRank() < 0
        || request.sourceRank() > 0xFF) {
      throw new IllegalArgumentException(
          "Request %d does not fit a pack of %s".formatted(request.requestId(), model.name()));
    }
  }

  private static byte[] header(
      ModelSpec model,
      List<String> domains,
      List<TensorBytes> tensors,
      String idType,
      List<Long> idShape,
      long idBytes)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("model", model.name());
    metadata.put("domains", json.writeValueAsString(domains));
    metadata.put("moe_layers", json.writeValueAsString(model.moeLayers()));
    metadata.put("num_experts", Integer.toString(model.experts()));
    metadata.put("top_k", Integer.toString(model.topK()));
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", metadata);
    long end = 0;
    for (TensorBytes tensor : tensors) {
      long begin = end;
      end += tensor.bytes().length;
      header.put(tensor.name(), entry(tensor.dtype(), tensor.shape(), begin, end));
    }
    header.put(PackHeader.TOPK_IDS, entry(idType, idShape, end, end + idBytes));
    byte[] text = json.writeValueAsBytes(header);
    // Spaces up to a multiple of 8, so that every tensor of a mapped file is aligned.
    StringBuilder padded = new StringBuilder(new String(text, StandardCharsets.UTF_8));
    padded.append(" ".repeat((8 - text.length % 8) % 8));
    return padded.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> entry(String dtype, List<Long> shape, long begin, long end) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("dtype", dtype);
    entry.put("shape", shape);
    entry.put("data_offsets", List.of(begin, end));
    return entry;
  }

  private static byte[] rows(RequestTrace request, boolean narrow) {
    int topK = request.topK();
    int layers = request.layers().length;
    ByteBuffer rows =
        ByteBuffer.allocate(request.tokens() * layers * topK * (narrow ? 1 : 2))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int token = 0; token < request.tokens(); token++) {
      for (short[] experts : request.experts()) {
        for (int k = 0; k < topK; k++) {
          short expert = experts[token * topK + k];
          if (narrow) {
            rows.put((byte) expert);
          } else {
            rows.putShort(expert);
          }
        }
      }
    }
    return rows.array();
  }

  private static ByteBuffer longs(int count) {
    return ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer ints(int count) {
    return ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
