package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealed;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.objective.FlowObjective;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Survival;
import java.util.SplittableRandom;

/**
 * Moves copies, over the borders of nodes too, for an engine that solves a linear program for each
 * batch. A map whose copies of each expert are all in one node cannot even out the nodes, whose
 * loads drift from day to day. A few experts with copies in two nodes let the program do it, and
 * cost little traffic if most of their tokens go to both nodes anyway.
 */
public final class FlowAnnealer implements Annealed {
  /** Of four proposals, this many give a copy's slot to another expert. Not measured. */
  private static final int REPLACEMENTS = 3;

  /** Of four swaps, this many stay in a node: others cost more traffic. Not measured. */
  private static final int SWAPS_IN_NODE = 3;

  private final SlotLayout layout;
  private final Survival survival;
  private final FlowObjective objective;
  private final int[] slots;

  /** Shape [experts]. */
  private final int[] copies;

  private double energy;
  private int[] bestSlots;

  /**
   * @param context a layer under the rule {@code LP} that balances tokens
   * @param start shape [slots]: the logical expert in each slot
   */
  public FlowAnnealer(LayerContext context, int[] start) {
    this.layout = context.problem().layout();
    this.survival = context.limits().survival();
    this.objective = new FlowObjective(context.problem(), context.loads(), context.weights());
    this.slots = start.clone();
    this.copies = new int[context.problem().tokens().experts()];
    for (int expert : slots) {
      copies[expert]++;
    }
    this.energy = objective.of(slots);
  }

  /**
   * @return shape [slots]: the logical expert in each slot when the objective was least
   */
  public int[] run(Annealing annealing) {
    annealing.run(this);
    return bestSlots;
  }

  @Override
  public boolean propose(Annealing annealing) {
    return annealing.random().nextInt(4) < REPLACEMENTS ? replace(annealing) : swap(annealing);
  }

  private boolean replace(Annealing annealing) {
    SplittableRandom random = annealing.random();
    int slot = random.nextInt(slots.length);
    int with = random.nextInt(copies.length);
    int was = slots[slot];
    if (copies[was] == 1 || layout.holds(slots, layout.gpuOfSlot(slot), with)) {
      return false;
    }
    slots[slot] = with;
    if (!survive(was, with) || !accepted(annealing, slot, slot)) {
      slots[slot] = was;
      return false;
    }
    copies[was]--;
    copies[with]++;
    return true;
  }

  private boolean swap(Annealing annealing) {
    SplittableRandom random = annealing.random();
    int p = random.nextInt(slots.length);
    int q =
        random.nextInt(4) < SWAPS_IN_NODE
            ? layout.nodeOfSlot(p) * layout.slotsPerNode() + random.nextInt(layout.slotsPerNode())
            : random.nextInt(slots.length);
    int a = slots[p];
    int b = slots[q];
    if (a == b
        || layout.holds(slots, layout.gpuOfSlot(p), b)
        || layout.holds(slots, layout.gpuOfSlot(q), a)) {
      return false;
    }
    slots[p] = b;
    slots[q] = a;
    if (!survive(a, b) || !accepted(annealing, p, q)) {
      slots[p] = a;
      slots[q] = b;
      return false;
    }
    return true;
  }

  /** Whether no unit of hardware holds all copies of one of the two experts. */
  private boolean survive(int a, int b) {
    return survival.slotsPerUnit() == 0 || (survives(a) && survives(b));
  }

  private boolean survives(int expert) {
    int first = 0;
    while (slots[first] != expert) {
      first++;
    }
    int last = slots.length - 1;
    while (slots[last] != expert) {
      last--;
    }
    return survival.keeps(first, last);
  }

  private boolean accepted(Annealing annealing, int p, int q) {
    double threshold = annealing.threshold();
    double after = objective.changed(slots, p, q);
    if (after - energy > threshold) {
      return false;
    }
    energy = after;
    objective.accept();
    return true;
  }

  @Override
  public double energy() {
    return energy;
  }

  @Override
  public void keep() {
    bestSlots = slots.clone();
  }
}
