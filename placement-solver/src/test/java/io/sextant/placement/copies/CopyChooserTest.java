package io.sextant.placement.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CopyChooserTest {

  @Property(tries = 200)
  void everyRulePicksACopyOfTheExpert(
      @ForAll CopyRule rule,
      @ForAll @IntRange(min = 1, max = 5) int nodes,
      @ForAll @IntRange(min = 1, max = 3) int gpusPerNode,
      @ForAll @IntRange(min = 3, max = 9) int slotsPerGpu,
      @ForAll long seed) {
    Random random = new Random(seed);
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    int experts = 1 + random.nextInt(layout.slots());
    int[] map = anyMap(layout.slots(), experts, random);
    CopyChooser chooser = LayerDispatch.of(rule, layout, map, experts).chooser();
    for (int batch = 0; batch < 3; batch++) {
      int rows = 40;
      short[] ids = new short[rows * 2];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = (short) random.nextInt(experts);
      }
      if (chooser.needsBatch()) {
        chooser.startBatch(ids, ids.length);
      }
      int[] slots = new int[ids.length];
      chooser.choose(ids, 0, rows, 2, random.nextInt(layout.gpus()), slots);
      chooser.endBatch();
      for (int i = 0; i < ids.length; i++) {
        assertThat(map[slots[i]]).isEqualTo(ids[i]);
      }
    }
  }

  /** The busiest GPU of the best division is that of the densest set of GPUs (Hall's theorem). */
  @Property(tries = 200)
  void theLeastLoadEqualsThatOfTheDensestSetOfGpus(
      @ForAll @IntRange(min = 1, max = 7) int gpus,
      @ForAll @IntRange(min = 1, max = 4) int slotsPerGpu,
      @ForAll long seed) {
    Random random = new Random(seed);
    int slots = gpus * slotsPerGpu;
    int experts = 1 + random.nextInt(slots);
    int[] map = anyMap(slots, experts, random);
    int[] count = IntStream.range(0, experts).map(e -> random.nextInt(500)).toArray();
    double densest = 0;
    for (int set = 1; set < 1 << gpus; set++) {
      int within = 0;
      for (int e = 0; e < experts; e++) {
        int copies = 0;
        for (int p = 0; p < slots; p++) {
          copies |= map[p] == e ? 1 << (p / slotsPerGpu) : 0;
        }
        within += (copies & ~set) == 0 ? count[e] : 0;
      }
      densest = Math.max(densest, within / (double) Integer.bitCount(set));
    }
    BalancedShares shares = BalancedShares.forBound(CopyTable.of(map, experts), slotsPerGpu);
    assertThat(shares.balance(count)).isCloseTo(densest, within(0.1));
    assertThat(Arrays.stream(shares.rows()).sum())
        .isCloseTo(Arrays.stream(count).sum(), within(1e-6));
  }

  private static int[] anyMap(int slots, int experts, Random random) {
    List<Integer> map = new ArrayList<>();
    for (int p = 0; p < slots; p++) {
      map.add(p < experts ? p : random.nextInt(experts));
    }
    Collections.shuffle(map, random);
    return map.stream().mapToInt(Integer::intValue).toArray();
  }
}
