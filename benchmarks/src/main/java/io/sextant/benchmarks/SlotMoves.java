package io.sextant.benchmarks;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.solve.PhysicalSlot;
import io.sextant.placement.solve.SlotAssignment;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.optaplanner.core.api.score.director.ScoreDirector;
import org.optaplanner.core.impl.heuristic.selector.move.factory.MoveIteratorFactory;

/**
 * OptaPlanner's move selector: two slots exchange their experts, an expert comes to the node of one
 * that it is often used with, a pair of such experts changes node together, three slots rotate, or
 * a copy gives way to another expert. Partners are selected nearby, by how often tokens use the two
 * together. Measured by {@link SolverVariants}; not part of the solver, because plain swaps are
 * better.
 */
public class SlotMoves implements MoveIteratorFactory<SlotAssignment, Reassignment> {

  @Override
  public long getSize(ScoreDirector<SlotAssignment> director) {
    long slots = director.getWorkingSolution().slots().size();
    return slots * slots;
  }

  @Override
  public Iterator<Reassignment> createOriginalMoveIterator(ScoreDirector<SlotAssignment> director) {
    throw new UnsupportedOperationException("Slot moves are drawn at random only");
  }

  @Override
  public Iterator<Reassignment> createRandomMoveIterator(
      ScoreDirector<SlotAssignment> director, Random random) {
    return new Moves(director.getWorkingSolution(), random);
  }

  private static final class Moves implements Iterator<Reassignment> {
    private final List<PhysicalSlot> slots;
    private final SlotLayout layout;
    private final UsedTogether together;
    private final int experts;
    private final Random random;

    Moves(SlotAssignment assignment, Random random) {
      this.slots = assignment.slots();
      this.layout = assignment.context().problem().layout();
      this.together =
          new UsedTogether(assignment.context().index(), assignment.getExperts().size());
      this.experts = assignment.getExperts().size();
      this.random = random;
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public Reassignment next() {
      PhysicalSlot slot = any();
      int kind = random.nextInt(20);
      if (kind < 6) {
        return Reassignment.rotating(slot, any());
      }
      if (kind < 9) {
        return Reassignment.rotating(slot, any(), any());
      }
      PhysicalSlot partner = slotOf(together.near(slot.getExpert(), random));
      int node = layout.nodeOfSlot(slot.id());
      if (kind < 14) {
        return Reassignment.rotating(partner, anyOn(node));
      }
      if (kind < 17) {
        int other = random.nextInt(layout.nodes());
        return Reassignment.rotating(slot, anyOn(other))
            .and(Reassignment.rotating(partner, anyOn(other)));
      }
      int expert = kind == 17 ? random.nextInt(experts) : partner.getExpert();
      return new Reassignment(List.of(anyOn(node)), List.of(expert));
    }

    private PhysicalSlot any() {
      return slots.get(random.nextInt(slots.size()));
    }

    private PhysicalSlot anyOn(int node) {
      return slots.get(node * layout.slotsPerNode() + random.nextInt(layout.slotsPerNode()));
    }

    /** A slot that holds the expert: the first from a random one on. */
    private PhysicalSlot slotOf(int expert) {
      int from = random.nextInt(slots.size());
      for (int i = 0; i < slots.size(); i++) {
        PhysicalSlot slot = slots.get((from + i) % slots.size());
        if (slot.getExpert() == expert) {
          return slot;
        }
      }
      // While the search is in a broken state, an expert may have no slot.
      return slots.get(from);
    }
  }
}
