package io.sextant.placement.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.problem.SlotLayout;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MoveListTest {

  @Property(tries = 400)
  void everyExpertIsServedAllTheWayToTheTarget(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 8, max = 48) int experts,
      @ForAll @IntRange(min = 0, max = 3) int moreSlots,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 0, max = 200) int changes,
      @ForAll @IntRange(min = 0, max = 20) int extraCopies,
      @ForAll boolean relabel,
      @ForAll Random random) {
    int gpus = nodes * gpusPerNode;
    SlotLayout layout =
        new SlotLayout(
            nodes, gpusPerNode, Math.min(experts, (experts + gpus - 1) / gpus + moreSlots));
    int[] current = Maps.planned(layout, experts, layer, 4);
    int[] changed = Maps.changed(layout, current, changes, random);
    int[] target = relabel ? Relabelling.withinNodes(layout, current, changed) : changed;
    MoveList moves = MoveList.of(layout, current, target, extraCopies);
    int[] slots = current.clone();
    for (MoveStep step : moves.steps()) {
      int[] before = slots.clone();
      assertThat(step.writes().stream().map(SlotWrite::slot)).doesNotHaveDuplicates().isNotEmpty();
      for (SlotWrite write : step.writes()) {
        assertThat(before[write.fromSlot()]).isEqualTo(write.expert());
        assertThat(before[write.slot()]).isNotEqualTo(write.expert());
        assertNearestSource(layout, before, write);
        slots[write.slot()] = write.expert();
      }
      assertThat(IntStream.of(slots).distinct().count()).isEqualTo(experts);
      assertThat(Maps.shares(layout, slots)).isFalse();
      if (step.writes().size() == 1) {
        // While it is written it holds nothing.
        SlotWrite write = step.writes().get(0);
        assertThat(Maps.copies(before, before[write.slot()])).isGreaterThan(1);
        assertThat(step.stagedSlots()).isZero();
      } else {
        assertThat(step.stagedSlots()).isEqualTo(step.writes().size());
      }
    }
    assertThat(slots).isEqualTo(target);
    assertThat(moves.apply(current)).isEqualTo(target);
    assertThat(MoveList.of(layout, current, target, extraCopies)).isEqualTo(moves);
    if (relabel) {
      assertThat(moves.copiedSlots())
          .isBetween(0, MovedSlots.count(layout, current, target) + extraCopies);
    }
    if (extraCopies == 0) {
      assertThat(moves.steps().stream().mapToInt(step -> step.writes().size()).sum())
          .isEqualTo(IntStream.range(0, slots.length).filter(p -> current[p] != target[p]).count());
    }
  }

  private static void assertNearestSource(SlotLayout layout, int[] before, SlotWrite write) {
    int distance = distance(layout, write.slot(), write.fromSlot());
    for (int p = 0; p < before.length; p++) {
      if (before[p] == write.expert()) {
        assertThat(distance).isLessThanOrEqualTo(distance(layout, write.slot(), p));
      }
    }
  }

  private static int distance(SlotLayout layout, int slot, int other) {
    if (layout.gpuOfSlot(slot) == layout.gpuOfSlot(other)) {
      return 0;
    }
    return layout.nodeOfSlot(slot) == layout.nodeOfSlot(other) ? 1 : 2;
  }

  /** With nothing to park in, every long ring is cut. */
  @Property(tries = 100)
  void stepsStaySmallWithoutCopies(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int slotsPerGpu,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, 8, slotsPerGpu);
    int[] current = Maps.planned(layout, Math.min(128, layout.slots()), 3, 6);
    int[] changed = Maps.changed(layout, current, 300, random);
    int[] target = Relabelling.withinNodes(layout, current, changed);
    MoveList moves = MoveList.of(layout, current, target, Integer.MAX_VALUE);
    assertThat(moves.apply(current)).isEqualTo(target);
    assertThat(moves.steps()).allMatch(step -> step.writes().size() <= RingBreaker.MOST_WRITES);
    assertThat(moves.copiedSlots()).isLessThanOrEqualTo(layout.slots() * 8 / 7);
  }

  /** Maps of other engines may have two copies on a GPU; they can be left and be gone to. */
  @Property(tries = 100)
  void goesToAndFromMapsThatShareGpus(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 2, max = 4) int gpusPerNode,
      @ForAll Random random) {
    int gpus = nodes * gpusPerNode;
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, (12 + gpus - 1) / gpus + 1);
    int[] sound = Maps.planned(layout, 12, 1, 5);
    int[] shared = sound.clone();
    for (int p = shared.length - 1; p > 0; p--) {
      int q = random.nextInt(p + 1);
      int e = shared[p];
      shared[p] = shared[q];
      shared[q] = e;
    }
    for (int[][] way : new int[][][] {{sound, shared}, {shared, sound}}) {
      int[] slots = way[0].clone();
      for (MoveStep step : MoveList.of(layout, way[0], way[1], 4).steps()) {
        step.writes().forEach(write -> slots[write.slot()] = write.expert());
        assertThat(IntStream.of(slots).distinct().count()).isEqualTo(12);
      }
      assertThat(slots).isEqualTo(way[1]);
    }
  }

  private static final SlotLayout FOUR_GPUS = new SlotLayout(2, 2, 2);

  @Test
  void aRingWithoutCopiesIsSwitchedAtOnce() {
    int[] current = {0, 1, 2, 3, 4, 5, 6, 7};
    int[] target = {6, 1, 0, 3, 2, 5, 4, 7};
    MoveList moves = MoveList.of(FOUR_GPUS, current, target, 8);
    assertThat(moves.steps())
        .containsExactly(
            new MoveStep(
                List.of(
                    new SlotWrite(0, 6, 6),
                    new SlotWrite(2, 0, 0),
                    new SlotWrite(4, 2, 2),
                    new SlotWrite(6, 4, 4))));
    assertThat(moves.steps().get(0).stagedSlots()).isEqualTo(4);
    assertThat(moves.mostStagedSlotsOnGpu()).isEqualTo(1);
    assertThat(moves.copiedSlots()).isEqualTo(4);
  }

  /** The redundant copy of 7 makes room for 0, then comes back. */
  @Test
  void aRingIsBrokenByARedundantCopy() {
    SlotLayout layout = new SlotLayout(1, 5, 2);
    int[] current = {0, 1, 2, 3, 4, 5, 6, 7, 7, 8};
    int[] target = {6, 1, 0, 3, 2, 5, 4, 7, 7, 8};
    MoveList broken = MoveList.of(layout, current, target, 2);
    assertThat(broken.steps()).allMatch(step -> step.writes().size() == 1).hasSize(6);
    assertThat(broken.copiedSlots()).isEqualTo(6);
    assertThat(broken.mostStagedSlotsOnGpu()).isZero();
    MoveList whole = MoveList.of(layout, current, target, 1);
    assertThat(whole.steps()).hasSize(1);
    assertThat(whole.copiedSlots()).isEqualTo(4);
  }

  @Test
  void movesNothingWhereNothingChanges() {
    int[] current = {0, 1, 2, 3, 4, 5, 6, 7};
    assertThat(MoveList.of(FOUR_GPUS, current, current.clone(), 8).steps()).isEmpty();
  }

  @Test
  void refusesMapsOfDifferentExperts() {
    int[] current = {0, 1, 2, 3, 4, 5, 6, 7};
    assertThatThrownBy(() -> MoveList.of(FOUR_GPUS, current, new int[] {0, 1, 2, 3, 4, 5, 6, 8}, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expert 7 is in only one of the two maps");
    assertThatThrownBy(() -> MoveList.of(FOUR_GPUS, current, new int[6], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The maps have 8 and 6 slots but the cluster 8");
  }
}
