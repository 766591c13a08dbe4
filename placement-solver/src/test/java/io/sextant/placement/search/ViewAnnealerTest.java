package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import io.sextant.placement.problem.Topology;
import io.sextant.placement.view.CopyCounts;
import io.sextant.placement.view.ViewedLayer;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ViewAnnealerTest {
  private static final int STEPS = 6_000;

  @Property(tries = 60)
  void keepsItsBooksTheOrderAndTheSlots(
      @ForAll @IntRange(min = 2, max = 8) int nodes,
      @ForAll @IntRange(min = 2, max = 8) int slotsPerNode,
      @ForAll @IntRange(min = 0, max = 4) int balance,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll boolean hot,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, 1, slotsPerNode).on(Topologies.any(nodes, random));
    int experts = layout.slots() - 1 - random.nextInt(layout.slots() / 2);
    LayerTokens halves = halves(layout, experts, layer);
    int[] start = start(layout, experts, layer);
    NodeObjective weights = new NodeObjective(balance, balance);
    // Hot enough to accept nearly everything, or cold enough for few.
    AnnealingStage stage = hot ? new AnnealingStage(10, 1) : new AnnealingStage(1e-2, 1e-4);
    long seed = random.nextLong();

    NodePartition partition = partition(halves, layout, start);
    ViewAnnealer annealer = annealer(partition, halves, layout, weights);
    int[] best = annealer.run(new Annealing(stage, STEPS, seed));
    int[] last = partition.homes();

    double atStart = plain(halves, layout, start, weights);
    assertThat(annealer.energy())
        .isCloseTo(plain(halves, layout, last, weights) - atStart, within(1e-6));
    assertThat(plain(halves, layout, best, weights)).isLessThanOrEqualTo(atStart + 1e-6);
    assertHomes(layout, best, last);
    assertThat(
            annealer(partition(halves, layout, start), halves, layout, weights)
                .run(new Annealing(stage, STEPS, seed)))
        .isEqualTo(best);
  }

  /** Which experts have two copies is part of the search. */
  @Property(tries = 5)
  void givesCopiesToOtherExperts(@ForAll @IntRange(min = 0, max = 5) int layer) {
    SlotLayout layout = new SlotLayout(4, 1, 6);
    LayerTokens halves = halves(layout, 16, layer);
    int[] start = start(layout, 16, layer);
    NodePartition partition = partition(halves, layout, start);
    annealer(partition, halves, layout, new NodeObjective(0, 0))
        .run(new Annealing(new AnnealingStage(10, 1), STEPS, 3));
    assertThat(doubled(partition.homes())).isNotEqualTo(doubled(start));
  }

  private static boolean[] doubled(int[] homes) {
    boolean[] doubled = new boolean[homes.length / 2];
    for (int e = 0; e < doubled.length; e++) {
      doubled[e] = homes[2 * e] != homes[2 * e + 1];
    }
    return doubled;
  }

  private static void assertHomes(SlotLayout layout, int[]... states) {
    for (int[] homes : states) {
      int[] used = new int[layout.nodes()];
      for (int even = 0; even < homes.length; even += 2) {
        // Halves that are apart are two copies, numbered in slot order.
        assertThat(homes[even]).isLessThanOrEqualTo(homes[even + 1]);
        used[homes[even]]++;
        used[homes[even + 1]] += homes[even] != homes[even + 1] ? 1 : 0;
      }
      assertThat(used).containsOnly(layout.slotsPerNode());
    }
  }

  private static LayerProblem problem(SlotLayout layout, int experts, int layer) {
    LayerTokens tokens =
        SampleTokens.folded(layer, experts, Math.min(6, experts), layout.nodes(), 500);
    return new LayerProblem(layout, tokens, 100, CopyRule.TOKEN_HASH, Transport.NODE_DEDUPLICATED);
  }

  private static LayerTokens halves(SlotLayout layout, int experts, int layer) {
    return ViewedLayer.halves(problem(layout, experts, layer));
  }

  /** Shape [halves]: both of an expert with one copy in the same node. */
  private static int[] start(SlotLayout layout, int experts, int layer) {
    LayerProblem problem = problem(layout, experts, layer);
    int[] copies = CopyCounts.byLoad(problem);
    ViewedLayer viewed = ViewedLayer.of(problem, copies);
    int[] nodeOf =
        new OrderedStart(viewed.limits(), viewed.problem().load(layout.slots()), layout).homes();
    int[] start = new int[2 * experts];
    for (int e = 0, copy = 0; e < experts; copy += copies[e++]) {
      start[2 * e] = nodeOf[copy];
      start[2 * e + 1] = nodeOf[copy + copies[e] - 1];
    }
    return start;
  }

  private static NodePartition partition(LayerTokens halves, SlotLayout layout, int[] homes) {
    Topology.LinkUnits links = layout.topology().units(layout.nodes());
    return new NodePartition(halves, new TokenIndex(halves), layout.nodes(), links.of(), homes);
  }

  private static ViewAnnealer annealer(
      NodePartition partition, LayerTokens halves, SlotLayout layout, NodeObjective weights) {
    return new ViewAnnealer(
        partition,
        SampleTokens.load(halves),
        layout.topology().capacity(layout),
        1 / (halves.tokens() * layout.topology().units(layout.nodes()).mean()),
        weights);
  }

  /** Remote nodes per token and the penalties, counted token by token. */
  private static double plain(
      LayerTokens halves, SlotLayout layout, int[] homes, NodeObjective weights) {
    int nodes = layout.nodes();
    Topology.LinkUnits links = layout.topology().units(nodes);
    double[] load = new double[nodes];
    double[] received = new double[nodes];
    double traffic = 0;
    for (int t = 0; t < halves.tokens(); t++) {
      int source = halves.sourceNode()[t];
      boolean[] needs = new boolean[nodes];
      for (int i = t * halves.topK(); i < (t + 1) * halves.topK(); i++) {
        needs[homes[halves.ids()[i]]] = true;
        load[homes[halves.ids()[i]]]++;
      }
      for (int n = 0; n < nodes; n++) {
        int units = needs[n] && n != source ? links.of()[source * nodes + n] : 0;
        received[n] += units;
        traffic += units;
      }
    }
    double energy = traffic / (halves.tokens() * links.mean());
    for (int n = 0; n < nodes; n++) {
      energy += weights.loadPenalty(load[n] * nodes / halves.ids().length - 1);
      energy += traffic == 0 ? 0 : weights.receivePenalty(nodes * received[n] / traffic - 1);
    }
    return energy;
  }
}
