package io.sextant.schema.trace.pack;

import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads the rows of a pack in large blocks and passes its requests to a sink. */
final class PackRows {
  private static final int BLOCK_BYTES = 1 << 18;

  private final PackHeader header;
  private final PackRequests requests;
  private final PackTokenIds tokenIds;
  private final int[] layers;
  private final TopKDecoder decoder;
  private final InputStream bytes;
  private final int rowBytes;
  private final byte[] block;

  private long tokensLeft;
  private int blockTokens;
  private int nextToken;

  /**
   * @param experts number of logical experts
   * @param bytes stream at the first byte of the tensor {@code topk_ids}
   */
  PackRows(
      PackRequests requests, PackTokenIds tokenIds, int[] layers, int experts, InputStream bytes) {
    this.header = requests.header();
    this.requests = requests;
    this.tokenIds = tokenIds;
    this.layers = layers;
    this.decoder = new TopKDecoder(layers, header.topK(), experts, header.idBytes() == 2);
    this.bytes = bytes;
    this.rowBytes = header.rowBytes();
    this.block = new byte[Math.max(1, BLOCK_BYTES / rowBytes) * rowBytes];
    this.tokensLeft = header.tokens();
  }

  /**
   * @return true if there were enough bytes; false if they ended too early
   */
  boolean deliver(TraceSink sink) throws IOException {
    for (int request = 0; request < header.requests(); request++) {
      String fault = requests.fault(request);
      int[] prompt =
          tokenIds.next(requests.rows(request), fault == null ? requests.promptTokens(request) : 0);
      boolean lasted =
          fault == null ? deliver(request, prompt, sink) : skip(requests.rows(request));
      if (!lasted) {
        return false;
      }
      if (fault != null) {
        sink.reject(request, fault);
      }
    }
    return true;
  }

  private boolean deliver(int request, int[] prompt, TraceSink sink) throws IOException {
    int tokens = (int) requests.rows(request);
    int topK = header.topK();
    // The offsets may promise more than the file holds, so allocate only for rows that have
    // arrived.
    int room = Math.min(tokens, block.length / rowBytes);
    short[][] experts = new short[layers.length][room * topK];
    int token = 0;
    while (token < tokens) {
      if (!fill()) {
        return false;
      }
      int count = Math.min(tokens - token, blockTokens - nextToken);
      if (token + count > room) {
        room = (int) Math.min(tokens, Math.max(2L * room, token + count));
        for (int layer = 0; layer < layers.length; layer++) {
          experts[layer] = Arrays.copyOf(experts[layer], room * topK);
        }
      }
      int offset = nextToken * rowBytes;
      nextToken += count;
      if (!decoder.decode(block, offset, count, experts, token)) {
        String fault = decoder.fault(block, offset, count, token);
        if (!skip(tokens - token - count)) {
          return false;
        }
        sink.reject(request, fault);
        return true;
      }
      token += count;
    }
    sink.accept(requests.request(request, layers, experts, prompt));
    return true;
  }

  private boolean skip(long tokens) throws IOException {
    long left = tokens;
    while (left > 0) {
      if (!fill()) {
        return false;
      }
      int count = (int) Math.min(left, blockTokens - nextToken);
      nextToken += count;
      left -= count;
    }
    return true;
  }

  /** Ensures that at least one token is in the block. */
  private boolean fill() throws IOException {
    if (nextToken < blockTokens) {
      return true;
    }
    int wanted = (int) Math.min(tokensLeft, block.length / rowBytes);
    blockTokens = bytes.readNBytes(block, 0, wanted * rowBytes) / rowBytes;
    nextToken = 0;
    tokensLeft -= blockTokens;
    return blockTokens > 0;
  }
}
