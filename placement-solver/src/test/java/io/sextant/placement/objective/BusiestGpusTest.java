package io.sextant.placement.objective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Beside a plain sort. */
class BusiestGpusTest {

  @Property(tries = 200)
  void findsTheLargestLoadApartFromAnyGpus(
      @ForAll @IntRange(min = 1, max = 9) int gpus,
      @ForAll @IntRange(min = 1, max = 4) int batches,
      @ForAll Random random) {
    float[][] load = new float[gpus][batches];
    for (float[] ofGpu : load) {
      fill(ofGpu, random);
    }
    BusiestGpus busiest = new BusiestGpus(load);
    for (int change = 0; change < 30; change++) {
      for (int b = 0; b < batches; b++) {
        int[] order = order(load, b);
        assertThat(busiest.first(b)).isEqualTo(order[0]);
        assertThat(busiest.most(b)).isEqualTo(load[order[0]][b]);
        int g = random.nextInt(gpus);
        int h = random.nextInt(gpus);
        float least = random.nextInt(6);
        assertThat(busiest.mostWithout(g, h, b, least))
            .isEqualTo(most(load, b, least, x -> x != g && x != h));
        boolean[] without = new boolean[gpus];
        for (int x = 0; x < gpus; x++) {
          without[x] = random.nextBoolean();
        }
        assertThat(busiest.mostWithout(without, b, least))
            .isEqualTo(most(load, b, least, x -> !without[x]));
      }
      int[] changed = IntStream.range(0, gpus).filter(g -> random.nextInt(3) == 0).toArray();
      for (int g : changed) {
        fill(load[g], random);
      }
      for (int b = 0; b < batches; b++) {
        busiest.rankIfReached(b, changed, changed.length);
      }
    }
  }

  /** Few values, so that many loads are equal. */
  private static void fill(float[] load, Random random) {
    for (int b = 0; b < load.length; b++) {
      load[b] = random.nextInt(6);
    }
  }

  private static int[] order(float[][] load, int batch) {
    return IntStream.range(0, load.length)
        .boxed()
        .sorted(Comparator.comparing(g -> -load[g][batch]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static float most(float[][] load, int batch, float least, IntPredicate counts) {
    return (float)
        IntStream.range(0, load.length)
            .filter(counts)
            .mapToDouble(g -> load[g][batch])
            .reduce(least, Math::max);
  }
}
