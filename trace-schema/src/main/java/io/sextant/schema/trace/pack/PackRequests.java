package io.sextant.schema.trace.pack;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.trace.RequestOrigin;
import io.sextant.schema.trace.RequestTrace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The small tensors of a pack, with the properties of each request besides its experts. */
final class PackRequests {
  private final PackHeader header;
  private final Map<String, ByteBuffer> tensors = new HashMap<>();
  private long[] tokenOffset = {};

  PackRequests(PackHeader header) {
    this.header = header;
  }

  PackHeader header() {
    return header;
  }

  static boolean wants(String tensor) {
    return tensor.equals(PackHeader.TOKEN_OFFSET) || PackHeader.PER_REQUEST.containsKey(tensor);
  }

  /** Reads a tensor that it {@link #wants}, and checks the offsets. */
  void take(String tensor, byte[] bytes) throws CorruptTraceException {
    ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (tensor.equals(PackHeader.TOKEN_OFFSET)) {
      long[] offsets = new long[header.requests() + 1];
      values.asLongBuffer().get(offsets);
      checkOffsets(offsets);
      tokenOffset = offsets;
    } else {
      tensors.put(tensor, values);
    }
  }

  /** Whether all tensors have been read. */
  boolean complete() {
    return tokenOffset.length > 0 && tensors.size() == PackHeader.PER_REQUEST.size();
  }

  private void checkOffsets(long[] offsets) throws CorruptTraceException {
    if (offsets[0] != 0) {
      throw new CorruptTraceException(
          "token_offset begins with %d and not with 0".formatted(offsets[0]));
    }
    for (int row = 0; row < header.requests(); row++) {
      if (offsets[row + 1] < offsets[row]) {
        throw new CorruptTraceException(
            row,
            "token_offset runs backwards: request row %d begins at token %d and ends at token %d"
                .formatted(row, offsets[row], offsets[row + 1]));
      }
    }
    long end = offsets[header.requests()];
    if (end != header.tokens()) {
      throw new CorruptTraceException(
          "token_offset ends at %d, but topk_ids has %d tokens".formatted(end, header.tokens()));
    }
  }

  /** The request whose rows hold this token; -1 if the offsets are not known yet. */
  long rowOf(long token) {
    if (tokenOffset.length == 0) {
      return -1;
    }
    int found = Arrays.binarySearch(tokenOffset, token + 1);
    return (found >= 0 ? found : -found - 1) - 1L;
  }

  long rows(int request) {
    return tokenOffset[request + 1] - tokenOffset[request];
  }

  /** The reason, other than its experts, why the request cannot be used; null if there is none. */
  String fault(int request) {
    long rows = rows(request);
    int prompt = promptTokens(request);
    int domain = domainIndex(request);
    int generated = tensors.get(PackHeader.GENERATED_LEN).getInt(request * Integer.BYTES);
    if (rows == 0) {
      return Faults.NO_ROWS;
    }
    if (rows * header.topK() > Integer.MAX_VALUE - 8) {
      return "the request has %d rows, more than a request can hold".formatted(rows);
    }
    if (prompt < 0) {
      return "prompt_len is %d, below 0".formatted(prompt);
    }
    if (prompt > rows) {
      return "prompt_len is %d, but the request has %d rows".formatted(prompt, rows);
    }
    if (generated < 0) {
      return "generated_len is %d, below 0".formatted(generated);
    }
    if (domain >= header.domains().size()) {
      return "domain index %d is not below the %d domains"
          .formatted(domain, header.domains().size());
    }
    return null;
  }

  /**
   * The request.
   *
   * @param experts shape [layers][tokens x top-k]
   * @param promptTokenIds token ids of the prompt; empty if the pack has none
   */
  RequestTrace request(int request, int[] layers, short[][] experts, int[] promptTokenIds) {
    int prompt = promptTokens(request);
    return new RequestTrace(
        tensors.get(PackHeader.REQUEST_ID).getLong(request * Long.BYTES),
        tensors.get(PackHeader.ARRIVAL_MS).getLong(request * Long.BYTES),
        header.domains().get(domainIndex(request)),
        tensors.get(PackHeader.DP_RANK).get(request) & 0xFF,
        prompt,
        (int) rows(request) - prompt,
        0,
        header.topK(),
        layers,
        experts,
        promptTokenIds,
        RequestOrigin.UNKNOWN);
  }

  int promptTokens(int request) {
    return tensors.get(PackHeader.PROMPT_LEN).getInt(request * Integer.BYTES);
  }

  private int domainIndex(int request) {
    return tensors.get(PackHeader.DOMAIN).get(request) & 0xFF;
  }
}
