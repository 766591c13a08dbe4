package io.sextant.gpu.packaged;

import java.util.Arrays;

/**
 * A product and the addresses of its operands on the device.
 *
 * @param tokensOfExpert number of tokens of each expert; one element for a dense product
 * @param n number of outputs
 * @param k number of features
 * @param addresses addresses of the operands
 */
public record PackagedProduct(int[] tokensOfExpert, int n, int k, Addresses addresses) {

  /**
   * Addresses on the device; 0 for operands that the recipe or the product does not have.
   *
   * @param offsets index of each expert's first token, followed by the number of tokens, as 32-bit
   *     integers
   */
  public record Addresses(
      long activations,
      long weights,
      long outputs,
      long activationScales,
      long weightScales,
      long offsets) {}

  /** Number of tokens. */
  int m() {
    return Arrays.stream(tokensOfExpert).sum();
  }

  Formula.Sizes sizes() {
    return new Formula.Sizes(m(), n, k, tokensOfExpert.length, this::tiles);
  }

  private int tiles(int tokens) {
    return Arrays.stream(tokensOfExpert).map(count -> (count + tokens - 1) / tokens).sum();
  }
}
