package io.sextant.schema.spec;

import java.io.Serializable;
import java.util.List;

/**
 * What the attention of a model's layers consists of, beside the heads of {@link
 * ModelSpec.Attention}: its weights and what it keeps for each token of a sequence.
 *
 * @param latent multi-head latent attention; null if keys and values are kept by head
 * @param indexer the indexer of sparse attention; null if there is none
 * @param gated whether a gate as wide as the queries multiplies the result
 * @param fullLayers absolute ids of the layers that keep every token, ascending
 * @param window tokens that each of the other layers keeps: a sliding window or a chunk; 0 if they
 *     keep no tokens
 * @param linear linear attention in the other layers; null if there is none
 */
public record AttentionLayers(
    Latent latent,
    Indexer indexer,
    boolean gated,
    List<Integer> fullLayers,
    int window,
    Linear linear)
    implements Serializable {

  public AttentionLayers {
    fullLayers = List.copyOf(fullLayers);
  }

  /**
   * Multi-head latent attention: a token keeps one compressed vector and one rotated key for all
   * heads (DeepSeek-V2, arXiv:2405.04434, section 2.1).
   *
   * @param heads number of query heads
   * @param queryRank width of the compressed queries; 0 if queries are not compressed
   * @param keyValueRank width of the compressed keys and values, in elements
   * @param plainHeadDim width of a query head without rotation
   * @param rotatedHeadDim width of a query head's rotated part, and of the key that heads share
   * @param valueHeadDim width of a value head
   */
  public record Latent(
      int heads,
      int queryRank,
      int keyValueRank,
      int plainHeadDim,
      int rotatedHeadDim,
      int valueHeadDim)
      implements Serializable {}

  /**
   * The indexer of DeepSeek sparse attention, which keeps a key of its own for each token ({@code
   * inference/model.py} of deepseek-ai/DeepSeek-V3.2-Exp).
   *
   * @param heads number of query heads
   * @param headDim width of a head, in elements
   */
  public record Indexer(int heads, int headDim) implements Serializable {}

  /**
   * Gated DeltaNet: a state per sequence instead of tokens (arXiv:2412.06464).
   *
   * @param keyHeads number of key and query heads
   * @param valueHeads number of value heads
   * @param keyHeadDim width of a key head
   * @param valueHeadDim width of a value head
   * @param kernel width of the convolution over tokens
   */
  public record Linear(int keyHeads, int valueHeads, int keyHeadDim, int valueHeadDim, int kernel)
      implements Serializable {}
}
