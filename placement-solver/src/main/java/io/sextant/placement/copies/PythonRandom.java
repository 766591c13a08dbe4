package io.sextant.placement.copies;

import java.util.HashSet;
import java.util.Set;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * CPython 3's {@code random.Random} (Lib/random.py, Modules/_randommodule.c): the Mersenne twister,
 * seeded with an array of one word, and whole numbers by rejection.
 */
final class PythonRandom {
  /** {@code sample} uses a pool up to this size, and a set of the drawn beyond. */
  private static final int SMALL_POPULATION = 21;

  private final MersenneTwister twister;

  PythonRandom(int seed) {
    twister = new MersenneTwister(new int[] {seed});
  }

  /** {@code _randbelow(n)}: uniform in 0..n-1, for n of at least 1. */
  int below(int n) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(n);
    int drawn = bits(bits);
    while (drawn >= n) {
      drawn = bits(bits);
    }
    return drawn;
  }

  private int bits(int bits) {
    return twister.nextInt() >>> (Integer.SIZE - bits);
  }

  /** {@code sample(population, k)}. */
  int[] sample(int[] population, int k) {
    int n = population.length;
    int[] drawn = new int[k];
    if (n <= setSize(k)) {
      int[] pool = population.clone();
      for (int i = 0; i < k; i++) {
        int j = below(n - i);
        drawn[i] = pool[j];
        pool[j] = pool[n - i - 1];
      }
      return drawn;
    }
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < k; i++) {
      int j = below(n);
      while (!taken.add(j)) {
        j = below(n);
      }
      drawn[i] = population[j];
    }
    return drawn;
  }

  /** 21, plus the power of 4 that is at least 3 k if k is above 5. */
  private static long setSize(int k) {
    long size = SMALL_POPULATION;
    if (k > 5) {
      long power = 1;
      while (power < 3L * k) {
        power *= 4;
      }
      size += power;
    }
    return size;
  }

  /** {@code shuffle(values)}. */
  void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = below(i + 1);
      int value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }
}
