package io.sextant.gpu.layer;

/**
 * Sizes of a layer on every GPU.
 *
 * @param e4m3 whether experts compute in E4M3 and tokens are sent in E4M3; otherwise BF16
 * @param slots number of slots per GPU
 * @param hidden number of features of a token
 * @param inner number of features between an expert's projections
 * @param mostRows maximum number of rows of the buffers of a GPU's experts
 * @param mostTokens maximum number of tokens that a GPU holds
 */
public record LayerShape(
    boolean e4m3, int slots, int hidden, int inner, int mostRows, int mostTokens) {
  /** Bytes of a token as it is sent. */
  public int dispatchBytes() {
    return e4m3 ? hidden : Short.BYTES * hidden;
  }

  /** Bytes of a result as it returns, in BF16. */
  public int combineBytes() {
    return Short.BYTES * hidden;
  }
}
