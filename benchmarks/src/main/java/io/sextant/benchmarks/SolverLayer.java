package io.sextant.benchmarks;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.objective.SlotState;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.GpuPacker;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.NodeDivision;
import io.sextant.placement.search.NodeObjective;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SlotAnnealer;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.SlotPlanner;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.optaplanner.core.config.localsearch.decider.acceptor.LocalSearchAcceptorConfig;
import org.optaplanner.core.config.solver.termination.TerminationConfig;

/** One layer of days 4 to 7 with the parts of the solver, each to be run by itself. */
final class SolverLayer {
  private static final NodeObjective EVEN_NODES = new NodeObjective(2, 2);
  private static final AnnealingStage PACKING = new AnnealingStage(2e-3, 1e-5);
  private static final AnnealingStage JOINT = new AnnealingStage(2e-3, 3e-5);
  private static final int SAMPLE_TOKENS = 50_000;
  private static final int SEED = 1;

  private final SlotLayout layout;
  private final LayerContext context;
  private final NodeDivision division;
  private final int[][] divided;
  private final int[] packed;

  SolverLayer(Path traces, int layer, String shape) {
    this.layout = Layouts.of(shape);
    LayerProblem problem = TraceDays.problem(TraceDays.readWindow(traces), layer, layout);
    this.context =
        LayerContext.of(
            problem,
            new SolverSettings(
                new SearchBudget(SAMPLE_TOKENS, 0, 0, 0, 0, 0), ObjectiveWeights.DEFAULT, SEED));
    this.division = new NodeDivision(context.problem(), context.limits(), context.index());
    this.divided = divide(2_000_000);
    this.packed = pack(150_000);
  }

  int[][] divide(long proposals) {
    return division.run(EVEN_NODES, proposals, SEED);
  }

  int[][] copy(long proposals) {
    return division.spread(divided, EVEN_NODES, proposals, SEED);
  }

  int[] pack(long proposals) {
    return new GpuPacker(layout, context.loads(), divided)
        .run(new Annealing(PACKING, proposals, SEED));
  }

  int[] anneal(long proposals) {
    return new SlotAnnealer(context, packed).run(new Annealing(JOINT, proposals, SEED));
  }

  /** OptaPlanner's local search from the packed map on, as the solver has it. */
  int[] search(int moves) {
    return new LocalSearch(
            SlotPlanner.swapsAndChanges(),
            new LocalSearchAcceptorConfig().withLateAcceptanceSize(400),
            new TerminationConfig().withScoreCalculationCountLimit((long) moves))
        .run(context, packed);
  }

  /** What OptaPlanner asks of our score for a swap that is not taken: made, scored, unmade. */
  double swap(int moves) {
    SlotState state = context.state(packed);
    SplittableRandom random = new SplittableRandom(SEED);
    double sum = 0;
    for (int move = 0; move < moves; move++) {
      int p = random.nextInt(packed.length);
      int q = random.nextInt(packed.length);
      state.put(p, packed[q]);
      state.put(q, packed[p]);
      sum += state.objective();
      state.put(p, packed[p]);
      state.put(q, packed[q]);
    }
    return sum;
  }
}
