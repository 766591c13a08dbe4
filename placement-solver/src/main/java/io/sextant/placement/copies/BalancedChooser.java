package io.sextant.placement.copies;

import io.sextant.placement.problem.ReplicaChoice;
import java.util.Arrays;

/**
 * SGLang's lp: a copy by the shares that minimise the busiest GPU's rows in the batch. The shares
 * are the same for all sources; a hash of row and expert decides by them.
 */
final class BalancedChooser implements CopyChooser {
  private static final double HASHES = 1L << 31;

  private final CopyTable copies;
  private final BalancedShares balanced;
  private final int[] count;
  private double[] rowsOfCopy;
  private long row;

  BalancedChooser(CopyTable copies, BalancedShares balanced) {
    this.copies = copies;
    this.balanced = balanced;
    this.count = new int[copies.experts()];
  }

  @Override
  public boolean needsBatch() {
    return true;
  }

  @Override
  public void startBatch(short[] ids, int number) {
    Arrays.fill(count, 0);
    for (int i = 0; i < number; i++) {
      count[ids[i]]++;
    }
    balanced.balance(count);
    rowsOfCopy = balanced.rows();
  }

  @Override
  public void choose(short[] ids, int from, int rows, int topK, int sourceGpu, int[] into) {
    int i = 0;
    for (int r = 0; r < rows; r++, row++) {
      for (int k = 0; k < topK; k++, i++) {
        into[i] = slot(ids[from + i]);
      }
    }
  }

  private int slot(int expert) {
    int at = copies.start()[expert];
    int last = copies.start()[expert + 1] - 1;
    if (at == last) {
      return copies.slot()[at];
    }
    double left = ReplicaChoice.hash(row, expert) / HASHES;
    for (; at < last; at++) {
      double share = rowsOfCopy[at] / count[expert];
      if (left < share) {
        break;
      }
      left -= share;
    }
    return copies.slot()[at];
  }
}
