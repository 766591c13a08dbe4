package io.sextant.placement;

import io.sextant.placement.migration.MovedSlots;
import java.util.Random;

/**
 * Betters a placement by a few moves: of a sample of swaps and replaced copies the one with the
 * largest gain a moved slot is made, until the limit leaves none that gains.
 */
public final class LimitedMoves {
  /** Moves that are tried for one that is made. */
  private static final int TRIED = 400;

  /** The others are swaps. */
  private static final double REPLACED_SHARE = 0.2;

  private static final double LEAST_GAIN = 1e-7;

  private final LayerProblem problem;
  private final SlotState state;
  private final int[] current;
  private final int[] slots;
  private final int mostMoved;
  private final Random random;
  private double objective;
  private int moved;

  private LimitedMoves(
      LayerProblem problem, SolverSettings settings, int[] current, int mostMoved) {
    this.problem = problem;
    this.state = new LayerObjective(problem, settings).state(current);
    this.current = current;
    this.slots = current.clone();
    this.mostMoved = mostMoved;
    this.random = new Random(settings.seed());
    this.objective = state.objective();
  }

  /**
   * @param current shape [slots]: the logical expert in each slot
   * @param mostMoved slots whose expert may come from another GPU
   * @return shape [slots]: a map no worse than {@code current} and at most that far from it
   */
  public static int[] solve(
      LayerProblem problem, SolverSettings settings, int[] current, int mostMoved) {
    LimitedMoves search = new LimitedMoves(problem, settings, current, mostMoved);
    while (search.improve()) {}
    return search.slots;
  }

  /** A move: the expert each of two slots gets; a replaced copy is two times the same slot. */
  private record Move(int p, int atP, int q, int atQ) {}

  private boolean improve() {
    Move best = null;
    double bestRate = 0;
    double bestObjective = objective;
    int bestMoved = moved;
    int broken = state.broken();
    for (int i = 0; i < TRIED; i++) {
      Move move = random.nextDouble() < REPLACED_SHARE ? replacement() : swap();
      if (move == null) {
        continue;
      }
      Move back = new Move(move.p, slots[move.p], move.q, slots[move.q]);
      make(move);
      int nowMoved = MovedSlots.count(problem.layout(), current, slots);
      if (nowMoved <= mostMoved && state.broken() <= broken) {
        double value = state.objective();
        double rate = (objective - value) / Math.max(1, nowMoved - moved);
        if (objective - value > LEAST_GAIN && rate > bestRate) {
          best = move;
          bestRate = rate;
          bestObjective = value;
          bestMoved = nowMoved;
        }
      }
      make(back);
    }
    if (best == null) {
      return false;
    }
    make(best);
    objective = bestObjective;
    moved = bestMoved;
    return true;
  }

  private Move swap() {
    int p = random.nextInt(slots.length);
    int q = random.nextInt(slots.length);
    SlotLayout layout = problem.layout();
    return layout.gpuOfSlot(p) == layout.gpuOfSlot(q) || slots[p] == slots[q]
        ? null
        : new Move(p, slots[q], q, slots[p]);
  }

  private Move replacement() {
    int p = random.nextInt(slots.length);
    int expert = random.nextInt(problem.tokens().experts());
    return expert == slots[p] ? null : new Move(p, expert, p, expert);
  }

  private void make(Move move) {
    put(move.p, move.atP);
    put(move.q, move.atQ);
  }

  private void put(int slot, int expert) {
    slots[slot] = expert;
    state.put(slot, expert);
  }
}
