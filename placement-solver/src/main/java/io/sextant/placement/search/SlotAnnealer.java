package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealed;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.Proposals;
import io.sextant.placement.objective.GpuLoads;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Survival;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Anneals all slots of a layer together, on traffic between nodes and on the load of GPUs at once:
 * two slots exchange their experts, a copy gives its slot to another expert, or two experts
 * exchange all their slots. {@link JointCost} is the energy.
 */
public final class SlotAnnealer implements Annealed {

  /**
   * The kinds of proposals with their shares of 16. docs/evidence/solver.md compares shares of
   * OFFER_COPY; the others were chosen without a measurement.
   */
  private enum Kind implements Proposals.Weighted {
    /** An expert of a busiest GPU gets a slot, anywhere, whose expert has other copies. */
    OFFER_COPY(4, true),
    /** A slot of a busiest GPU exchanges experts with one of its node. */
    SWAP_IN_NODE(2, true),
    /** A slot of a busiest GPU exchanges experts with any. */
    SWAP_BUSIEST(4, true),
    /** Any two slots exchange experts. */
    SWAP_ANY(4, false),
    /** A slot whose expert has other copies gets any expert. */
    REPLACE_COPY(1, false),
    /** Two experts exchange all their slots. */
    EXCHANGE_EXPERTS(1, false);

    private final int weight;
    private final boolean fromBusiest;

    Kind(int weight, boolean fromBusiest) {
      this.weight = weight;
      this.fromBusiest = fromBusiest;
    }

    @Override
    public int weight() {
      return weight;
    }
  }

  private static final Proposals<Kind> KINDS = new Proposals<>(Kind.class);

  private final SlotLayout layout;
  private final int experts;
  private final JointCost cost;
  private final GpuLoads loads;
  private final CopyLimits limits;
  private final MoveBudget budget;
  private final int[] slots;
  private int[] bestSlots;

  /**
   * @param start shape [slots]: the logical expert in each slot at the start
   */
  public SlotAnnealer(LayerContext context, int[] start) {
    this(context, start, start.length);
  }

  /**
   * @param start shape [slots]: the map in force, which is also the start
   * @param mostMoved slots whose expert may come from another GPU than one that has it in force
   */
  public SlotAnnealer(LayerContext context, int[] start, int mostMoved) {
    this.layout = context.problem().layout();
    this.experts = context.problem().tokens().experts();
    this.cost = new JointCost(context, start);
    this.loads = cost.loads();
    this.limits = context.limits();
    this.budget = new MoveBudget(layout, experts, start, mostMoved);
    this.slots = start.clone();
  }

  /**
   * @return shape [slots]: the logical expert in each slot when the energy was least
   */
  public int[] run(Annealing annealing) {
    annealing.run(this);
    return bestSlots;
  }

  /**
   * The current state, which at a high temperature is not the best that was seen.
   *
   * @return shape [slots]: the logical expert in each slot
   */
  public int[] slots() {
    return slots.clone();
  }

  @Override
  public double energy() {
    return cost.energy();
  }

  @Override
  public void keep() {
    bestSlots = slots.clone();
  }

  @Override
  public boolean propose(Annealing annealing) {
    double threshold = annealing.threshold();
    SplittableRandom random = annealing.random();
    Kind kind = KINDS.draw(random);
    int p =
        kind.fromBusiest
            ? loads.busiest(random.nextInt(loads.batches())) * layout.slotsPerGpu()
                + random.nextInt(layout.slotsPerGpu())
            : random.nextInt(slots.length);
    return switch (kind) {
      case OFFER_COPY -> copy(slots[p], random.nextInt(slots.length), threshold);
      case SWAP_IN_NODE -> {
        int perNode = layout.slotsPerNode();
        yield swap(p, layout.nodeOfSlot(p) * perNode + random.nextInt(perNode), threshold);
      }
      case SWAP_BUSIEST, SWAP_ANY -> swap(p, random.nextInt(slots.length), threshold);
      case REPLACE_COPY -> copy(random.nextInt(experts), p, threshold);
      case EXCHANGE_EXPERTS -> exchange(slots[p], random.nextInt(experts), threshold);
    };
  }

  private boolean swap(int p, int q, double threshold) {
    int a = slots[p];
    int b = slots[q];
    int g = layout.gpuOfSlot(p);
    int h = layout.gpuOfSlot(q);
    if (g == h || a == b || layout.holds(slots, g, b) || layout.holds(slots, h, a)) {
      return false;
    }
    int more = budget.more(p, a, b) + budget.more(q, b, a);
    if (!budget.allows(more)
        || !change(a, with(loads.slotsOf(a), p, q), b, with(loads.slotsOf(b), q, p), threshold)) {
      return false;
    }
    slots[p] = b;
    slots[q] = a;
    budget.spend(more);
    return true;
  }

  /** A copy of an expert gets the slot of one that has others. */
  private boolean copy(int b, int p, double threshold) {
    int a = slots[p];
    if (a == b || loads.slotsOf(a).length == 1 || layout.holds(slots, layout.gpuOfSlot(p), b)) {
      return false;
    }
    int more = budget.more(p, a, b);
    if (!budget.allows(more)
        || !change(a, without(loads.slotsOf(a), p), b, withAlso(loads.slotsOf(b), p), threshold)) {
      return false;
    }
    slots[p] = b;
    budget.spend(more);
    return true;
  }

  private boolean exchange(int a, int b, double threshold) {
    if (a == b) {
      return false;
    }
    int[] ofA = loads.slotsOf(a);
    int[] ofB = loads.slotsOf(b);
    if (shareAGpu(ofA) || shareAGpu(ofB)) {
      return false;
    }
    int more = 0;
    for (int p : ofA) {
      more += budget.more(p, a, b);
    }
    for (int p : ofB) {
      more += budget.more(p, b, a);
    }
    if (!budget.allows(more) || !change(a, ofB, b, ofA, threshold)) {
      return false;
    }
    budget.spend(more);
    for (int p : ofA) {
      slots[p] = b;
    }
    for (int p : ofB) {
      slots[p] = a;
    }
    return true;
  }

  /**
   * Whether two copies of an expert are on one GPU, as in some maps in force; another expert must
   * not get such slots.
   *
   * @param slots the expert's slots, ascending
   */
  private boolean shareAGpu(int[] slots) {
    for (int i = 1; i < slots.length; i++) {
      if (layout.gpuOfSlot(slots[i]) == layout.gpuOfSlot(slots[i - 1])) {
        return true;
      }
    }
    return false;
  }

  /** Gives two experts these slots if the limits and the threshold allow it. */
  private boolean change(int a, int[] slotsA, int b, int[] slotsB, double threshold) {
    return !limits.related(a, b)
        && allowed(a, slotsA)
        && allowed(b, slotsB)
        && cost.change(a, slotsA, b, slotsB, threshold);
  }

  private boolean allowed(int expert, int[] to) {
    int first = layout.nodeOfSlot(to[0]);
    if (limits.oneNode() && first != layout.nodeOfSlot(to[to.length - 1])) {
      return false;
    }
    for (int i = 1, last = first; i < to.length && limits.oncePerNode(); i++) {
      int node = layout.nodeOfSlot(to[i]);
      if (node == last) {
        return false;
      }
      last = node;
    }
    int before = limits.before()[expert];
    int after = limits.after()[expert];
    return (before < 0 || gpuOf(before) < layout.gpuOfSlot(to[0]))
        && (after < 0 || layout.gpuOfSlot(to[0]) < gpuOf(after))
        && survives(before, to, after);
  }

  /** Whether no unit of hardware holds all copies; copies in an order are experts of their own. */
  private boolean survives(int before, int[] to, int after) {
    Survival survival = limits.survival();
    if (before < 0 && after < 0) {
      return survival.keeps(to[0], to[to.length - 1]);
    }
    return (before < 0 || survival.keeps(loads.slotsOf(before)[0], to[0]))
        && (after < 0 || survival.keeps(to[0], loads.slotsOf(after)[0]));
  }

  private int gpuOf(int expert) {
    return layout.gpuOfSlot(loads.slotsOf(expert)[0]);
  }

  private static int[] with(int[] list, int out, int in) {
    int[] changed = list.clone();
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] == out) {
        changed[i] = in;
      }
    }
    Arrays.sort(changed);
    return changed;
  }

  private static int[] without(int[] list, int out) {
    int[] left = new int[list.length - 1];
    int n = 0;
    for (int p : list) {
      if (p != out) {
        left[n++] = p;
      }
    }
    return left;
  }

  private static int[] withAlso(int[] list, int in) {
    int[] added = Arrays.copyOf(list, list.length + 1);
    added[list.length] = in;
    Arrays.sort(added);
    return added;
  }
}
