package io.sextant.schema.spec;

import java.io.Serializable;

/**
 * A format in which weights are held in GPU memory ({@code conf/packaging/<name>.yaml}).
 *
 * @param name the name used on the command line
 * @param weightBits bits of one weight, without its share of a scale
 * @param scaleBits bits of one scale; 0 if there are no scales
 * @param weightsPerScale number of weights that share a scale; 1 if there are no scales
 * @param products precision of the matrix products
 */
public record Packaging(
    String name, int weightBits, int scaleBits, int weightsPerScale, Products products)
    implements Serializable {

  /** The format of weights as they are trained. */
  public static final Packaging BF16 = new Packaging("bf16", 16, 0, 1, Products.BF16);

  /**
   * The precision of matrix products.
   *
   * @see ExpertTimeTable#precision()
   */
  public enum Products {
    /** Weights are in BF16, or are unpacked to it. */
    BF16("bf16", 1),
    /** Both operands are E4M3, at twice the rate of BF16 (data sheets of Hopper and Blackwell). */
    E4M3("e4m3", 2);

    private final String id;
    private final double rate;

    Products(String id, double rate) {
      this.id = id;
      this.rate = rate;
    }

    /** The name in {@code conf/packaging} and in tables of expert times. */
    public String id() {
      return id;
    }

    /** Matrix rate relative to that of BF16. */
    public double rate() {
      return rate;
    }
  }

  /** Bytes of one weight with its share of a scale. */
  public double bytesPerWeight() {
    return (weightBits + (double) scaleBits / weightsPerScale) / Byte.SIZE;
  }

  /** Bytes of a number of weights with their scales, rounded up. */
  public long bytes(long weights) {
    return (long) Math.ceil(weights * bytesPerWeight());
  }
}
