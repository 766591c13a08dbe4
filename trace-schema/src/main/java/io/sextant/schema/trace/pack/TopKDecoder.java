package io.sextant.schema.trace.pack;

import io.sextant.schema.file.Faults;

/**
 * Decodes a pack's rows of expert ids, [token][layer][k], into arrays by layer. It also checks that
 * every id is an expert and that none occurs twice in a token's top-k.
 */
final class TopKDecoder {
  private final int[] layers;
  private final int topK;
  private final int experts;
  private final boolean wide;

  /** The last top-k in which each id was seen, as a value of {@link #mark}. */
  private final long[] seen;

  private long mark;

  /**
   * @param layers absolute ids of the MoE layers, for messages
   * @param wide whether an id takes two bytes
   */
  TopKDecoder(int[] layers, int topK, int experts, boolean wide) {
    this.layers = layers;
    this.topK = topK;
    this.experts = experts;
    this.wide = wide;
    this.seen = new long[wide ? 1 << 16 : 1 << 8];
  }

  /**
   * Decodes rows into {@code target[layer][token x topK]}.
   *
   * @param offset index of the first byte of the first row
   * @param tokens number of rows to decode
   * @param token index of the first row in the request
   * @return true if all ids are sound; otherwise {@link #fault} gives the reason
   */
  boolean decode(byte[] rows, int offset, int tokens, short[][] target, int token) {
    for (int layer = 0; layer < layers.length; layer++) {
      boolean sound =
          wide
              ? decodeWide(rows, offset, tokens, layer, target[layer], token * topK)
              : decodeNarrow(rows, offset, tokens, layer, target[layer], token * topK);
      if (!sound) {
        return false;
      }
    }
    return true;
  }

  private boolean decodeNarrow(
      byte[] rows, int offset, int tokens, int layer, short[] target, int at) {
    int rowBytes = layers.length * topK;
    int next = at;
    int row = offset + layer * topK;
    for (int t = 0; t < tokens; t++, row += rowBytes) {
      mark++;
      for (int k = 0; k < topK; k++) {
        int expert = rows[row + k] & 0xFF;
        if (expert >= experts || seen[expert] == mark) {
          return false;
        }
        seen[expert] = mark;
        target[next++] = (short) expert;
      }
    }
    return true;
  }

  private boolean decodeWide(
      byte[] rows, int offset, int tokens, int layer, short[] target, int at) {
    int rowBytes = layers.length * topK * 2;
    int next = at;
    int row = offset + layer * topK * 2;
    for (int t = 0; t < tokens; t++, row += rowBytes) {
      mark++;
      for (int k = 0; k < topK; k++) {
        int expert = wideId(rows, row + 2 * k);
        if (expert >= experts || seen[expert] == mark) {
          return false;
        }
        seen[expert] = mark;
        target[next++] = (short) expert;
      }
    }
    return true;
  }

  /** The fault of the first unsound token in rows that {@link #decode} rejected. */
  String fault(byte[] rows, int offset, int tokens, int token) {
    int at = offset;
    for (int t = 0; t < tokens; t++) {
      for (int layer : layers) {
        mark++;
        for (int k = 0; k < topK; k++, at += wide ? 2 : 1) {
          int expert = wide ? wideId(rows, at) : rows[at] & 0xFF;
          if (expert >= experts) {
            return Faults.expertOutOfRange(layer, token + t, expert, experts);
          }
          if (seen[expert] == mark) {
            return Faults.duplicateExpert(layer, token + t, expert, topK);
          }
          seen[expert] = mark;
        }
      }
    }
    throw new IllegalArgumentException("The rows are sound");
  }

  private static int wideId(byte[] rows, int at) {
    return (rows[at] & 0xFF) | ((rows[at + 1] & 0xFF) << 8);
  }
}
