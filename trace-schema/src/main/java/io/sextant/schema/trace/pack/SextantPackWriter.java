package io.sextant.schema.trace.pack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.RequestTrace;
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
 * Writes Sextant packs, as described in {@link SextantPackReader}. Equal requests give equal bytes.
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
   * Writes a plain pack. {@code generated_len} is one more than the number of decode rows if there
   * are any, because the last generated token has no row.
   *
   * @throws IllegalArgumentException if a request does not fit the model or the format: a different
   *     top-k, different layers, a source rank above 255, or more than 256 domains
   */
  public static void write(OutputStream out, ModelSpec model, List<RequestTrace> requests)
      throws IOException {
    List<String> domains = domains(requests);
    int n = requests.size();
    long[] ids = new long[n];
    long[] arrivals = new long[n];
    long[] offsets = new long[n + 1];
    int[] prompts = new int[n];
    int[] generated = new int[n];
    byte[] domain = new byte[n];
    byte[] ranks = new byte[n];
    for (int i = 0; i < n; i++) {
      RequestTrace request = requests.get(i);
      check(request, model);
      ids[i] = request.requestId();
      arrivals[i] = request.arrivalMillis();
      offsets[i + 1] = offsets[i] + request.tokens();
      prompts[i] = request.prefillTokens();
      generated[i] = request.decodeTokens() == 0 ? 0 : request.decodeTokens() + 1;
      domain[i] = (byte) domains.indexOf(request.domain());
      ranks[i] = (byte) request.sourceRank();
    }
    long tokens = offsets[n];

    boolean narrow = model.experts() <= MOST_NARROW_EXPERTS;
    int layers = model.moeLayers().size();
    List<TensorBytes> tensors =
        List.of(
            TensorBytes.of(PackHeader.ARRIVAL_MS, arrivals),
            TensorBytes.of(PackHeader.REQUEST_ID, ids),
            TensorBytes.of(PackHeader.TOKEN_OFFSET, offsets),
            TensorBytes.of(PackHeader.GENERATED_LEN, generated),
            TensorBytes.of(PackHeader.PROMPT_LEN, prompts),
            TensorBytes.of(PackHeader.DOMAIN, domain),
            TensorBytes.of(PackHeader.DP_RANK, ranks));
    long rowBytes = (long) layers * model.topK() * (narrow ? 1 : 2);
    byte[] header =
        header(
            model,
            domains,
            tensors,
            narrow ? "U8" : "U16",
            List.of(tokens, (long) layers, (long) model.topK()),
            tokens * rowBytes);
    out.write(TensorBytes.of("", new long[] {header.length}).bytes());
    out.write(header);
    for (TensorBytes tensor : tensors) {
      out.write(tensor.bytes());
    }
    for (RequestTrace request : requests) {
      out.write(rows(request, narrow));
    }
  }

  private record TensorBytes(String name, String dtype, List<Long> shape, byte[] bytes) {
    static TensorBytes of(String name, long[] values) {
      byte[] bytes = new byte[values.length * Long.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
      return new TensorBytes(name, "I64", List.of((long) values.length), bytes);
    }

    static TensorBytes of(String name, int[] values) {
      byte[] bytes = new byte[values.length * Integer.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(values);
      return new TensorBytes(name, "I32", List.of((long) values.length), bytes);
    }

    static TensorBytes of(String name, byte[] values) {
      return new TensorBytes(name, "U8", List.of((long) values.length), values);
    }
  }

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
        || request.unphasedTokens() > 0
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
    String text = json.writeValueAsString(header);
    // Pad with spaces to a multiple of 8, so that the tensors of a mapped file are aligned.
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return (text + " ".repeat((8 - bytes % 8) % 8)).getBytes(StandardCharsets.UTF_8);
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
}
