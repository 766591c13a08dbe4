package io.sextant.placement.objective;

/**
 * The busiest GPUs of each micro-batch in order, so that the largest load after a change of a few
 * GPUs is found without a look at all of them. Among equal loads the GPU with the lower number
 * comes first.
 */
public final class BusiestGpus {
  /** GPUs kept in order for each micro-batch. */
  private static final int KEPT = 4;

  private static final int NONE = -1;

  private final float[][] load;
  private final int[] ranked;

  /**
   * @param load shape [gpus][batches]; belongs to the caller, who says with {@link #rank} which
   *     micro-batches have changed
   */
  public BusiestGpus(float[][] load) {
    this.load = load;
    this.ranked = new int[load[0].length * KEPT];
    for (int b = 0; b < load[0].length; b++) {
      rank(b);
    }
  }

  /** Orders the GPUs of a micro-batch anew. */
  public void rank(int batch) {
    int first = NONE;
    int second = NONE;
    int third = NONE;
    int fourth = NONE;
    float ofFirst = Float.NEGATIVE_INFINITY;
    float ofSecond = Float.NEGATIVE_INFINITY;
    float ofThird = Float.NEGATIVE_INFINITY;
    float ofFourth = Float.NEGATIVE_INFINITY;
    for (int g = 0; g < load.length; g++) {
      float ofGpu = load[g][batch];
      if (ofGpu > ofFourth) {
        if (ofGpu > ofThird) {
          fourth = third;
          ofFourth = ofThird;
          if (ofGpu > ofSecond) {
            third = second;
            ofThird = ofSecond;
            if (ofGpu > ofFirst) {
              second = first;
              ofSecond = ofFirst;
              first = g;
              ofFirst = ofGpu;
            } else {
              second = g;
              ofSecond = ofGpu;
            }
          } else {
            third = g;
            ofThird = ofGpu;
          }
        } else {
          fourth = g;
          ofFourth = ofGpu;
        }
      }
    }
    int at = batch * KEPT;
    ranked[at] = first;
    ranked[at + 1] = second;
    ranked[at + 2] = third;
    ranked[at + 3] = fourth;
  }

  /** The busiest GPU of a micro-batch. */
  public int first(int batch) {
    return ranked[batch * KEPT];
  }

  /** The load of the busiest GPU of a micro-batch. */
  public float most(int batch) {
    return load[ranked[batch * KEPT]][batch];
  }

  /**
   * The load of the busiest GPU apart from two, or {@code least} if that is more or there is no
   * other GPU.
   */
  public float mostWithout(int g, int h, int batch, float least) {
    int rank = batch * KEPT;
    int other = ranked[rank];
    if (other == g || other == h) {
      other = ranked[rank + 1];
      if (other == g || other == h) {
        other = ranked[rank + 2];
      }
    }
    return other >= 0 ? Math.max(least, load[other][batch]) : least;
  }

  /**
   * The load of the busiest GPU apart from some, or {@code least} if that is more or there is no
   * other GPU.
   *
   * @param without shape [gpus]
   */
  public float mostWithout(boolean[] without, int batch, float least) {
    int rank = batch * KEPT;
    int end = rank + KEPT;
    while (rank < end && ranked[rank] >= 0 && without[ranked[rank]]) {
      rank++;
    }
    if (rank < end) {
      return ranked[rank] >= 0 ? Math.max(least, load[ranked[rank]][batch]) : least;
    }
    float max = least;
    for (int g = 0; g < load.length; g++) {
      if (!without[g]) {
        max = Math.max(max, load[g][batch]);
      }
    }
    return max;
  }

  /** Orders a micro-batch anew if a GPU whose load has changed is, or becomes, one of the kept. */
  void rankIfReached(int batch, int[] changed, int count) {
    int from = batch * KEPT;
    int last = ranked[from + KEPT - 1];
    float least = last < 0 ? 0 : load[last][batch];
    for (int i = 0; i < count; i++) {
      int g = changed[i];
      if (load[g][batch] >= least) {
        rank(batch);
        return;
      }
      for (int r = from; r < from + KEPT; r++) {
        if (ranked[r] == g) {
          rank(batch);
          return;
        }
      }
    }
  }
}
