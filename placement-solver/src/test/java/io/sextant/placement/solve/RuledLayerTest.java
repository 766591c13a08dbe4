package io.sextant.placement.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.objective.FlowObjective;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.view.CopyCounts;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans for every rule and transport, on layouts at the edges of what each rule can do. */
class RuledLayerTest {
  private static final SolverSettings QUICK =
      new SolverSettings(
          new SearchBudget(400, 3_000, 1_000, 900, 1_500, 60), ObjectiveWeights.DEFAULT, 5);

  /** Nodes, GPUs per node, slots per GPU, experts. */
  private enum Shape {
    ONE_NODE(1, 4, 5, 16),
    THREE_COPIES_ON_TWO_NODES(2, 4, 6, 16),
    SINGLE_COPIES(4, 2, 2, 16),
    FIVE_COPIES(8, 2, 5, 16),
    MORE_THAN_FIVE_COPIES_ON_FEW_NODES(4, 4, 5, 12),
    ONE_GPU_PER_NODE(8, 1, 3, 16),
    ALL_DOUBLED_ON_THREE_NODES(3, 2, 5, 15),
    TWO_OR_THREE_COPIES_ON_FIVE_NODES(5, 2, 3, 12),
    FOUR_COPIES_IN_ORDER(4, 4, 3, 12),
    A_FEW_DOUBLED(4, 2, 3, 20),
    A_FEW_DOUBLED_ON_ONE_NODE(1, 4, 3, 10);

    private final int nodes;
    private final int gpusPerNode;
    private final int slotsPerGpu;
    private final int experts;

    Shape(int nodes, int gpusPerNode, int slotsPerGpu, int experts) {
      this.nodes = nodes;
      this.gpusPerNode = gpusPerNode;
      this.slotsPerGpu = slotsPerGpu;
      this.experts = experts;
    }

    SlotLayout layout() {
      return new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    }

    LayerProblem problem(CopyRule rule, Transport transport) {
      LayerTokens tokens = SampleTokens.folded(1, experts, 4, nodes, 600);
      return new LayerProblem(
          layout(), SampleTokens.onGpus(tokens, gpusPerNode), 120, rule, transport);
    }
  }

  static List<Arguments> everyShapeAndRule() {
    List<Arguments> cases = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      for (CopyRule rule : CopyRule.values()) {
        cases.add(Arguments.of(shape, rule));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("everyShapeAndRule")
  void solvedMapsKeepTheLimitsOfTheRule(Shape shape, CopyRule rule) {
    for (Transport transport : Transport.values()) {
      LayerProblem problem = shape.problem(rule, transport);
      int[] slots = LayerSolver.solve(problem, QUICK);
      assertValid(slots, shape.layout(), shape.experts);
      assertThat(LayerSolver.solve(problem, QUICK)).isEqualTo(slots);
      boolean betweenNodes =
          transport == Transport.NODE_DEDUPLICATED
              || (transport == Transport.PER_EXPERT && rule.prefersNear());
      if (betweenNodes) {
        assertCopies(slots, shape, rule);
      }
    }
  }

  private static void assertCopies(int[] slots, Shape shape, CopyRule rule) {
    SlotLayout layout = shape.layout();
    for (int e = 0; e < shape.experts; e++) {
      int expert = e;
      int[] nodes =
          IntStream.range(0, slots.length)
              .filter(p -> slots[p] == expert)
              .map(layout::nodeOfSlot)
              .toArray();
      int distinct = (int) Arrays.stream(nodes).distinct().count();
      if (rule == CopyRule.NEAREST && layout.slotsPerNode() <= shape.experts) {
        assertThat(distinct).isEqualTo(nodes.length);
      }
      if (rule == CopyRule.RANDOM || rule == CopyRule.ROUND_ROBIN) {
        boolean possible = layout.nodes() * layout.slotsPerGpu() <= shape.experts;
        assertThat(distinct).isLessThanOrEqualTo(possible ? 1 : layout.nodes());
      }
    }
  }

  /** A map from elsewhere need not keep the limits; the plan from it must not be worse. */
  @ParameterizedTest
  @MethodSource("everyShapeAndRule")
  void improvesAMapInForceWithFewMoves(Shape shape, CopyRule rule) {
    for (Transport transport : Transport.values()) {
      LayerProblem problem = shape.problem(rule, transport);
      int[] current =
          IntStream.range(0, shape.layout().slots()).map(p -> p % shape.experts).toArray();
      int[] slots = LayerSolver.solve(problem, QUICK, current, 4);
      assertValid(slots, shape.layout(), shape.experts);
      LayerObjective objective = new LayerObjective(problem, QUICK);
      assertThat(objective.of(slots)).isLessThanOrEqualTo(objective.of(current));
    }
  }

  @ParameterizedTest
  @MethodSource("everyShapeAndRule")
  void stagesOfAnAnnealingKeepTheLimits(Shape shape, CopyRule rule) {
    LayerProblem problem = shape.problem(rule, Transport.NODE_DEDUPLICATED);
    int[] slots = LayerSolver.solve(problem, QUICK);
    int[] hot = LayerSolver.anneal(problem, QUICK, slots, new AnnealingStage(3e-2, 3e-3));
    assertValid(hot, shape.layout(), shape.experts);
    assertCopies(hot, shape, rule);
    int[] settled = LayerSolver.settle(problem, QUICK, hot, new AnnealingStage(3e-3, 3e-5));
    assertValid(settled, shape.layout(), shape.experts);
    assertCopies(settled, shape, rule);
  }

  /** A single node is packed for the linear program too. */
  @Test
  void packsASingleNodeForTheLinearProgram() {
    LayerProblem problem =
        Shape.A_FEW_DOUBLED_ON_ONE_NODE.problem(CopyRule.LP, Transport.NODE_DEDUPLICATED);
    LayerContext context = RuledLayer.of(problem, QUICK, CopyCounts.byLoad(problem)).context();
    int[] even =
        LayerSolver.solve(
            Shape.A_FEW_DOUBLED_ON_ONE_NODE.problem(CopyRule.RANDOM, Transport.NODE_DEDUPLICATED),
            QUICK);
    FlowObjective objective = new FlowObjective(problem, context.loads(), context.weights());
    SolverSettings longer =
        new SolverSettings(
            new SearchBudget(400, 3_000, 1_000, 9_000, 1_500, 60), ObjectiveWeights.DEFAULT, 5);
    assertThat(objective.of(LayerSolver.solve(problem, longer))).isLessThan(objective.of(even));
  }

  /** The packing for the linear program must not look worse than what it started from. */
  @Test
  void theObjectiveUnderALinearProgramCountsTheProgramsSplit() {
    LayerProblem problem = Shape.A_FEW_DOUBLED.problem(CopyRule.LP, Transport.NODE_DEDUPLICATED);
    LayerObjective objective = new LayerObjective(problem, QUICK);
    int[] even =
        LayerSolver.solve(
            Shape.A_FEW_DOUBLED.problem(CopyRule.RANDOM, Transport.NODE_DEDUPLICATED), QUICK);
    assertThat(objective.of(LayerSolver.solve(problem, QUICK)))
        .isLessThanOrEqualTo(objective.of(even) + 1e-3);
  }

  /** Maps are compared under the rule itself, however many copies they have. */
  @Test
  void aMapWithManyCopiesHasViewsToo() {
    LayerProblem problem =
        Shape.THREE_COPIES_ON_TWO_NODES.problem(CopyRule.RANK, Transport.NODE_DEDUPLICATED);
    int[] map = IntStream.range(0, 48).map(p -> p % 16).toArray();
    RuledLayer layer = RuledLayer.of(problem, QUICK, CopyCounts.of(map, 16));
    assertThat(layer.viewed()).isPresent();
    assertThat(layer.experts(layer.searched(map))).isEqualTo(map);
    assertThatCode(() -> layer.objective(map)).doesNotThrowAnyException();
    assertThat(RuledLayer.divided(problem, QUICK, CopyCounts.of(map, 16)).viewed()).isEmpty();
  }

  private static void assertValid(int[] slots, SlotLayout layout, int experts) {
    assertThat(slots).hasSize(layout.slots());
    assertThat(IntStream.of(slots).distinct().count()).isEqualTo(experts);
    int per = layout.slotsPerGpu();
    for (int p = 0; p < slots.length; p += per) {
      assertThat(Arrays.copyOfRange(slots, p, p + per)).doesNotHaveDuplicates();
    }
  }
}
