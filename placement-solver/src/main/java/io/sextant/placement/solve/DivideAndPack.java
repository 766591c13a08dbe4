package io.sextant.placement.solve;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.Survival;
import io.sextant.placement.search.GpuPacker;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.NodeDivision;
import io.sextant.placement.search.NodeObjective;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SlotAnnealer;
import io.sextant.placement.search.SolverSettings;
import java.util.Optional;

/**
 * Finds a plan's structure in a phase of OptaPlanner ({@link SlotsPhase}): experts over nodes, then
 * copies onto GPUs, then all slots together. A proposal costs nanoseconds here, because it is
 * judged from gain tables without being made; OptaPlanner's own local search has to make and undo
 * each move (docs/evidence/solver.md has both rates). A plan only replaces another after a
 * comparison on the exact objective.
 */
final class DivideAndPack {
  /** In max/mean GPU load. Chosen without a measurement. */
  private static final AnnealingStage PACKING = new AnnealingStage(2e-3, 1e-5);

  /**
   * In remote nodes per token. docs/evidence/solver.md compares 2e-3 with 1e-3 as the first; the
   * last was chosen without a measurement.
   */
  static final AnnealingStage JOINT = new AnnealingStage(2e-3, 3e-5);

  private final LayerContext context;
  private final SearchBudget budget;
  private final long seed;

  private DivideAndPack(LayerContext context, SolverSettings settings) {
    this.context = context;
    this.budget = settings.budget();
    this.seed = settings.seed();
  }

  /**
   * @return shape [slots]: the logical expert in each slot
   */
  static int[] best(LayerContext context, SolverSettings settings) {
    return new DivideAndPack(context, settings).best();
  }

  /**
   * @param expertsOfNode shape [nodes][slotsPerNode]: the experts of each node
   * @return shape [slots]: the logical expert in each slot
   */
  static int[] best(LayerContext context, SolverSettings settings, int[][] expertsOfNode) {
    DivideAndPack packing = new DivideAndPack(context, settings);
    return packing.joint(packing.new Scored(packing.pack(expertsOfNode))).slots;
  }

  private int[] best() {
    NodeDivision division = new NodeDivision(context.problem(), context.limits(), context.index());
    NodeObjective objective = NodeObjective.of(context.limits());
    int[][] expertsOfNode = division.run(objective, budget.divisionSteps(), seed);
    Scored best = new Scored(pack(expertsOfNode));
    if (division.hasCopies() && budget.copySteps() > 0) {
      int[][] spread = division.spread(expertsOfNode, objective, budget.copySteps(), seed);
      best = best.orBetter(pack(spread));
    }
    Scored annealed = joint(best);
    return doubled(best).map(annealed::orBetter).orElse(annealed).slots;
  }

  /**
   * A second plan, annealed from a map in which every expert has copies in two nodes, and kept that
   * way; empty if there are too few slots. The division gives the copies of an expert to every node
   * at once, and the annealing hardly gets from there to such a map, although it can be better.
   */
  private Optional<int[]> doubled(Scored packed) {
    LayerProblem problem = context.problem();
    int experts = problem.tokens().experts();
    if (problem.layout().slots() < 2 * experts
        || context.limits().oneNode()
        || context.limits().ordered()
        || budget.jointSteps() <= 0) {
      return Optional.empty();
    }
    Survival nodes = new Survival(problem.layout().slotsPerNode());
    LayerContext surviving = context.within(context.limits().surviving(nodes));
    return Optional.ofNullable(SurvivingMap.of(problem, packed.slots, nodes))
        .filter(start -> surviving.state(start).broken() == 0)
        .map(start -> new SlotAnnealer(surviving, start).run(annealing()));
  }

  private Annealing annealing() {
    return new Annealing(JOINT, budget.jointSteps(), seed);
  }

  private Scored joint(Scored packed) {
    if (budget.jointSteps() <= 0) {
      return packed;
    }
    SlotAnnealer joint = new SlotAnnealer(context, packed.slots);
    return packed.orBetter(joint.run(annealing()));
  }

  /** A plan with its exact objective. */
  private final class Scored {
    private final int[] slots;
    private final double objective;

    Scored(int[] slots) {
      this.slots = slots;
      this.objective = context.state(slots).objective();
    }

    Scored orBetter(int[] other) {
      Scored scored = new Scored(other);
      return scored.objective < objective ? scored : this;
    }
  }

  private int[] pack(int[][] expertsOfNode) {
    return new GpuPacker(context.problem().layout(), context.loads(), expertsOfNode)
        .run(new Annealing(PACKING, budget.packingSteps(), seed));
  }
}
