package io.sextant.schema.trace.sglang;

import io.sextant.schema.trace.sglang.SglangPass.Kind;
import java.util.List;

/**
 * Finds the number of candidate rows per request in a verify pass ({@code
 * speculative_num_draft_tokens}), which a dump does not give. It is the same for all requests of a
 * server. A request's first row is its last accepted token, and the positions of its candidates
 * follow within that number of rows.
 */
final class VerifyRows {
  private static final int MOST = 1 << 10;

  private VerifyRows() {}

  /** The largest number that fits all verify passes; 1 if there are none, or nothing else fits. */
  static int of(List<SglangPass> passes) {
    int divisor = 0;
    for (SglangPass pass : passes) {
      if (pass.kind() == Kind.VERIFY) {
        divisor = gcd(divisor, pass.positions().length);
      }
    }
    for (int rows = Math.min(divisor, MOST); rows > 1; rows--) {
      if (divisor % rows == 0 && fits(passes, rows)) {
        return rows;
      }
    }
    return 1;
  }

  private static boolean fits(List<SglangPass> passes, int rows) {
    for (SglangPass pass : passes) {
      if (pass.kind() == Kind.VERIFY && !fits(pass.positions(), rows)) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(int[] positions, int rows) {
    for (int i = 0; i < positions.length; i++) {
      int first = positions[i - i % rows];
      if (i % rows != 0 && (positions[i] <= first || positions[i] >= first + rows)) {
        return false;
      }
    }
    return true;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
