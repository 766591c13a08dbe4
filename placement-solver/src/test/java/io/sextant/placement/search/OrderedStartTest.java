package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OrderedStartTest {

  /** Also if every slot is taken and the nodes have no halves or thirds. */
  @Property(tries = 400)
  void placesAllCopiesInOrder(
      @ForAll @IntRange(min = 1, max = 9) int nodes,
      @ForAll @IntRange(min = 1, max = 12) int slotsPerNode,
      @ForAll @IntRange(min = 1, max = 4) int mostCopies,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, 1, slotsPerNode);
    CopyLimits limits = chains(layout.slots(), Math.min(nodes, mostCopies), random);
    double[] load = random.doubles(layout.slots(), 1, 100).toArray();
    int[] homes = new OrderedStart(limits, load, layout).homes();
    int[] used = new int[nodes];
    for (int copy = 0; copy < homes.length; copy++) {
      used[homes[copy]]++;
      assertThat(limits.allows(copy, homes[copy], homes)).isTrue();
    }
    int[] full = new int[nodes];
    Arrays.fill(full, slotsPerNode);
    assertThat(used).isEqualTo(full);
  }

  /** Copy c of two is in half c of the nodes. */
  @Test
  void givesEachViewItsPartOfTheNodes() {
    CopyLimits limits = new CopyLimits(8, 0, false, pairs(8, -1), pairs(8, 1));
    double[] load = {8, 8, 6, 6, 4, 4, 2, 2};
    assertThat(new OrderedStart(limits, load, new SlotLayout(4, 1, 2)).homes())
        .containsExactly(0, 2, 1, 3, 1, 3, 0, 2);
  }

  @Test
  void refusesMoreCopiesThanNodes() {
    CopyLimits limits = new CopyLimits(3, 0, false, new int[] {-1, 0, 1}, new int[] {1, 2, -1});
    assertThatThrownBy(
            () -> new OrderedStart(limits, new double[3], new SlotLayout(2, 1, 2)).homes())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 copies of 1 experts do not fit 2 nodes of 2 slots in order");
  }

  private static int[] pairs(int copies, int to) {
    int[] pairs = new int[copies];
    for (int copy = 0; copy < copies; copy++) {
      boolean has = copy % 2 == (to < 0 ? 1 : 0);
      pairs[copy] = has ? copy + to : -1;
    }
    return pairs;
  }

  private static CopyLimits chains(int copies, int longest, Random random) {
    CopyLimits limits = CopyLimits.anywhere(copies);
    for (int next = 0; next < copies; ) {
      int length = Math.min(copies - next, 1 + random.nextInt(longest));
      for (int c = 1; c < length; c++) {
        limits.before()[next + c] = next + c - 1;
        limits.after()[next + c - 1] = next + c;
      }
      next += length;
    }
    return limits;
  }
}
