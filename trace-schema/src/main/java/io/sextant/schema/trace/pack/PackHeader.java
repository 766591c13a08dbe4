package io.sextant.schema.trace.pack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.JsonText;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.SafetensorsHeader;
import io.sextant.schema.tensor.SafetensorsHeader.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a Sextant pack, checked against the model that it is read with.
 *
 * @param safetensors the header as stored in the file
 * @param domains names of the domains, which the pack refers to by index
 * @param requests number of requests in the file
 * @param tokens number of rows of all requests
 * @param layers number of MoE layers per row
 * @param topK number of experts per row and layer
 * @param idBytes number of bytes of one expert id
 * @param tokenIds the tensor of token ids; null if the pack has none
 */
record PackHeader(
    SafetensorsHeader safetensors,
    List<String> domains,
    int requests,
    long tokens,
    int layers,
    int topK,
    int idBytes,
    Tensor tokenIds) {
  static final String TOPK_IDS = "topk_ids";
  static final String TOKEN_IDS = "token_ids";
  static final String TOKEN_OFFSET = "token_offset";
  static final String DOMAIN = "domain";
  static final String DP_RANK = "dp_rank";
  static final String REQUEST_ID = "request_id";
  static final String ARRIVAL_MS = "arrival_ms";
  static final String PROMPT_LEN = "prompt_len";
  static final String GENERATED_LEN = "generated_len";

  /** The tensors with one element per request, and their dtypes. */
  static final Map<String, String> PER_REQUEST = perRequest();

  /** Maximum number of requests. Each takes 26 bytes of memory, so this many take 1.7 GB. */
  private static final long MOST_REQUESTS = 1L << 26;

  private static final ObjectMapper JSON = new ObjectMapper(JsonText.lenient());

  static PackHeader read(TraceStream stream, ModelSpec model)
      throws CorruptTraceException, IOException {
    SafetensorsHeader header = SafetensorsHeader.read(stream);
    Map<String, String> metadata = header.metadata();
    if (model.moeLayers().isEmpty()) {
      throw new CorruptTraceException(
          "the file has expert ids, but model %s has no MoE layers".formatted(model.name()));
    }
    check("model", model.name(), text(metadata, "model"), model);
    check("num_experts", Integer.toString(model.experts()), text(metadata, "num_experts"), model);
    check("top_k", Integer.toString(model.topK()), text(metadata, "top_k"), model);
    check(
        "moe_layers", model.moeLayers().toString(), list(metadata, "moe_layers").toString(), model);
    List<String> domains = new ArrayList<>();
    for (JsonNode domain : list(metadata, "domains")) {
      domains.add(domain.asText());
    }

    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Tensor tensor : header.tensors()) {
      tensors.put(tensor.name(), tensor);
    }
    long requests = size(tensor(tensors, REQUEST_ID), 0);
    if (requests > MOST_REQUESTS) {
      throw new CorruptTraceException(
          "%d requests are more than one file can hold (%d)".formatted(requests, MOST_REQUESTS));
    }
    for (Map.Entry<String, String> entry : PER_REQUEST.entrySet()) {
      check(tensor(tensors, entry.getKey()), List.of(entry.getValue()), List.of(requests));
    }
    check(tensor(tensors, TOKEN_OFFSET), List.of("I64"), List.of(requests + 1));
    Tensor ids = tensor(tensors, TOPK_IDS);
    long tokens = size(ids, 0);
    check(
        ids,
        List.of("U8", "U16"),
        List.of(tokens, (long) model.moeLayers().size(), (long) model.topK()));
    Tensor tokenIds = tensors.get(TOKEN_IDS);
    if (tokenIds != null) {
      check(tokenIds, List.of("U16", "U32", "I32", "I64"), List.of(tokens));
    }
    return new PackHeader(
        header,
        List.copyOf(domains),
        (int) requests,
        tokens,
        model.moeLayers().size(),
        model.topK(),
        ids.dtype().equals("U8") ? 1 : 2,
        tokenIds);
  }

  /** Number of bytes of one token's ids in all layers. */
  int rowBytes() {
    return layers * topK * idBytes;
  }

  private static Map<String, String> perRequest() {
    Map<String, String> dtypes = new LinkedHashMap<>();
    dtypes.put(REQUEST_ID, "I64");
    dtypes.put(ARRIVAL_MS, "I64");
    dtypes.put(DOMAIN, "U8");
    dtypes.put(DP_RANK, "U8");
    dtypes.put(PROMPT_LEN, "I32");
    dtypes.put(GENERATED_LEN, "I32");
    return dtypes;
  }

  private static String text(Map<String, String> metadata, String key)
      throws CorruptTraceException {
    String text = metadata.get(key);
    if (text == null) {
      throw new CorruptTraceException("the header's metadata has no '%s'".formatted(key));
    }
    return text;
  }

  private static List<JsonNode> list(Map<String, String> metadata, String key)
      throws CorruptTraceException, IOException {
    String text = text(metadata, key);
    List<JsonNode> list = new ArrayList<>();
    try {
      JsonNode node = JSON.readTree(text);
      if (node.isArray()) {
        node.forEach(list::add);
        return list;
      }
    } catch (JsonProcessingException e) {
      // Reported by the exception below, with the text.
    }
    throw new CorruptTraceException(
        "metadata '%s' is not a JSON list: %s".formatted(key, Faults.oneLine(text)));
  }

  private static void check(String key, String expected, String found, ModelSpec model)
      throws CorruptTraceException {
    if (!expected.equals(found.strip())) {
      throw new CorruptTraceException(
          "metadata '%s' is %s, but model %s has %s"
              .formatted(key, Faults.oneLine(found), model.name(), Faults.shown(expected)));
    }
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name)
      throws CorruptTraceException {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CorruptTraceException("the tensor %s is missing".formatted(name));
    }
    return tensor;
  }

  private static long size(Tensor tensor, int dimension) throws CorruptTraceException {
    if (tensor.shape().size() <= dimension) {
      throw new CorruptTraceException("tensor %s has no dimension".formatted(tensor.name()));
    }
    return tensor.shape().get(dimension);
  }

  private static void check(Tensor tensor, List<String> dtypes, List<Long> shape)
      throws CorruptTraceException {
    if (!dtypes.contains(tensor.dtype()) || !tensor.shape().equals(shape)) {
      throw new CorruptTraceException(
          "tensor %s is %s %s, expected %s %s"
              .formatted(
                  tensor.name(),
                  tensor.dtype(),
                  tensor.shape(),
                  String.join(" or ", dtypes),
                  shape));
    }
  }
}
