package io.sextant.numerics.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.schema.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Compares the planner with trying all plans. */
class DensityPlannerTest {
  private static final double[] DENSITIES = {0.06, 0.25, 0.5, 1};
  private static final List<LayerChain> CHAINS =
      List.of(LayerChain.parse("bottom=12-512-32"), LayerChain.parse("top=53-512-256-1"));

  private static KernelFigures time(GemmSite site, double micros) {
    return new KernelFigures(
        "m",
        site.name(),
        site.out(),
        site.k(),
        8,
        "bf16",
        "cublaslt 13",
        "H200",
        0,
        1,
        0,
        micros,
        micros,
        micros,
        micros,
        0.002,
        50.0,
        0.0,
        0.0,
        0.0,
        1L,
        null,
        null,
        null);
  }

  private static ShapeTimes times(Random random) {
    List<KernelFigures> runs = new ArrayList<>();
    for (LayerChain chain : CHAINS) {
      chain
          .products(DENSITIES)
          .forEach(site -> runs.add(time(site, 1 + random.nextInt(20) + site.k() * 0.01)));
    }
    return new ShapeTimes("times.jsonl", runs, 8);
  }

  @Property(tries = 30)
  void noPlanWithinTheBudgetLosesLess(@ForAll long seed) {
    Random random = new Random(seed);
    DensityPlanner planner = new DensityPlanner(CHAINS, DENSITIES, times(random));
    int layers = planner.layers().size();
    double[][] damage = new double[layers][];
    for (int layer = 0; layer < layers; layer++) {
      damage[layer] = random.doubles(planner.widths(layer).length).toArray();
    }
    List<WidthPlan> front = planner.front(damage);
    double budget = 20 + random.nextInt(40);
    WidthPlan chosen = DensityPlanner.within(front, budget);
    double least = Double.POSITIVE_INFINITY;
    double fastest = Double.POSITIVE_INFINITY;
    int plans = (int) Math.pow(DENSITIES.length, layers);
    for (int plan = 0; plan < plans; plan++) {
      List<Integer> kept = new ArrayList<>();
      double sum = 0;
      for (int layer = 0, rest = plan; layer < layers; layer++, rest /= DENSITIES.length) {
        kept.add(planner.widths(layer)[rest % DENSITIES.length]);
        sum += damage[layer][rest % DENSITIES.length];
      }
      double micros = planner.time(kept).median();
      fastest = Math.min(fastest, micros);
      if (micros <= budget) {
        least = Math.min(least, sum);
      }
    }
    assertThat(front.get(0).time().median()).isCloseTo(fastest, within(1e-9));
    if (fastest <= budget) {
      assertThat(chosen.damage()).isCloseTo(least, within(1e-12));
      assertThat(chosen.time().median()).isLessThanOrEqualTo(budget);
    } else {
      assertThat(chosen).isEqualTo(front.get(0));
    }
    assertThat(planner.time(chosen.kept()).median())
        .isCloseTo(chosen.time().median(), within(1e-9));
  }

  @Test
  void aShapeThatWasNotMeasuredIsNamed() {
    ShapeTimes few =
        new ShapeTimes("times.jsonl", List.of(time(new GemmSite("bottom.fc1", 512, 16), 3)), 8);
    DensityPlanner planner = new DensityPlanner(CHAINS, DENSITIES, few);
    assertThatThrownBy(() -> planner.time(List.of(31, 512, 256)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "times.jsonl: no BF16 time of bottom.fc1 with 32 outputs of 16 for 8 tokens. Measure"
                + " with gpu-validate pruned, the same --chain and --densities");
    assertThatThrownBy(() -> new ShapeTimes("times.jsonl", List.of(), 8))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("times.jsonl: no BF16 time for 8 tokens.");
  }

  @Test
  void chainsAreReadAndWrongOnesNamed() {
    LayerChain chain = LayerChain.parse("top=53-512-256-1");
    assertThat(chain.hidden()).isEqualTo(2);
    assertThat(chain.product(2, 31, 15)).isEqualTo(new GemmSite("top.fc2", 16, 32));
    assertThat(LayerChain.kept(0.06, 512)).isEqualTo(31);
    assertThat(LayerChain.kept(0.0001, 512)).isEqualTo(1);
    for (String wrong : List.of("top", "top=5-3", "=5-4-3", "top=5-0-3", "top=5-99999999999-3")) {
      assertThatThrownBy(() -> LayerChain.parse(wrong))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("--chain " + wrong + ": ");
    }
  }
}
