package io.sextant.placement.problem;

/** The choice among an expert's equal copies: a hash, so that choices are independent. */
public final class ReplicaChoice {

  private ReplicaChoice() {}

  /**
   * The finaliser of splitmix64 (Steele, Lea, Flood 2014) over the token's row and the expert.
   *
   * @param row index of the token within its file
   * @return a non-negative hash; the copy is this modulo the number of copies, in slot order
   */
  public static int hash(long row, int expert) {
    long x = row * 0x9E3779B97F4A7C15L + expert;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return (int) ((x ^ (x >>> 31)) >>> 33);
  }
}
