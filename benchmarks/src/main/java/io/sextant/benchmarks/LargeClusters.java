package io.sextant.benchmarks;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.copies.LayerDispatch;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.PlacementTally;
import io.sextant.placement.evaluate.ServedPhases;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.spec.ServingProfiles;
import io.sextant.schema.trace.RequestTrace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Plans and scores 58 layers of 256 experts on a large cluster under a serving profile. The layers
 * are those of {@link ManyLayers}; a request's GPU follows from a hash of its id, since the traces
 * come from eight ranks. Day 5 plans, day 8 scores, two layers at a time.
 *
 * <pre>
 * bench/java io.sextant.benchmarks.LargeClusters TRACES NODES GPUS_PER_NODE SLOTS PROFILE SECONDS
 * </pre>
 */
public final class LargeClusters {
  private static final int LAYERS = 58;
  private static final int EXPERTS = 256;
  private static final int TOP_K = 8;
  private static final CostModel FREE = new CostModel(0, 0, 0);

  private final SlotLayout layout;
  private final ServingProfile profile;
  private final double seconds;

  private LargeClusters(SlotLayout layout, ServingProfile profile, double seconds) {
    this.layout = layout;
    this.profile = profile;
    this.seconds = seconds;
  }

  public static void main(String[] args) {
    Path traces = Path.of(args[0]);
    new LargeClusters(
            SlotLayout.of(
                Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3])),
            ServingProfiles.load(args[4]),
            Double.parseDouble(args[5]))
        .run(
            SampleTokens.read(traces.resolve("day05.safetensors.zst")),
            SampleTokens.read(traces.resolve("day08.safetensors.zst")));
  }

  private void run(List<RequestTrace> window, List<RequestTrace> later) {
    long begun = System.nanoTime();
    int[][] sextant = new int[LAYERS][];
    IntStream.range(0, LAYERS)
        .parallel()
        .forEach(l -> sextant[l] = plan(placed(ManyLayers.joined(window, l), window), l));
    double planned = (System.nanoTime() - begun) / 1e9;
    PlacementTally[] tallies = new PlacementTally[3];
    Arrays.fill(tallies, PlacementTally.EMPTY);
    for (int l = 0; l < LAYERS; l++) {
      LayerTokens next = placed(ManyLayers.joined(later, l), later);
      double[] load = SampleTokens.load(ManyLayers.joined(window, l));
      int[][] maps = {
        LinearPlacement.place(EXPERTS, layout.slots()),
        EplbPlacement.global(load, layout),
        sextant[l]
      };
      for (int m = 0; m < maps.length; m++) {
        tallies[m] = tallies[m].plus(score(maps[m], next));
      }
    }
    System.out.printf(
        "%d x %d GPUs, %d slots, %s: planned in %.1f s, with scores %.1f s%n",
        layout.nodes(),
        layout.gpusPerNode(),
        layout.slots(),
        profile.name(),
        planned,
        (System.nanoTime() - begun) / 1e9);
    IntFunction<String> name = m -> new String[] {"linear", "EPLB-like", "sextant"}[m];
    for (int m = 0; m < tallies.length; m++) {
      OtherModels.print(name.apply(m), tallies[m].metrics());
    }
  }

  private int[] plan(LayerTokens tokens, int layer) {
    CopyRule rule = profile.copyRule();
    return LayerSolver.solve(
        new LayerProblem(layout, tokens, profile.prefillTokens(), rule, profile.prefillTransport()),
        SolverSettings.forSeconds(seconds, layout, EXPERTS, layer).forRule(rule, layout, EXPERTS));
  }

  private PlacementTally score(int[] map, LayerTokens tokens) {
    LayerEvaluator evaluator =
        new LayerEvaluator(
            LayerDispatch.of(profile.copyRule(), layout, map, EXPERTS),
            profile,
            ServedPhases.PREFILL,
            FREE);
    for (int t = 0; t < tokens.tokens(); t++) {
      evaluator.add(
          Arrays.copyOfRange(tokens.ids(), t * TOP_K, (t + 1) * TOP_K),
          TOP_K,
          1,
          0,
          tokens.sourceGpu(t, layout.gpusPerNode()));
    }
    return evaluator.tally();
  }

  /** The same tokens, each request on a GPU of its own choice. */
  private LayerTokens placed(LayerTokens tokens, List<RequestTrace> requests) {
    byte[] nodes = new byte[tokens.tokens()];
    byte[] gpus = new byte[nodes.length];
    int t = 0;
    for (RequestTrace request : requests) {
      long hash = request.requestId() * 0x9E3779B97F4A7C15L;
      int gpu = (int) ((hash ^ (hash >>> 32)) >>> 33) % layout.gpus();
      Arrays.fill(nodes, t, t + request.tokens(), (byte) (gpu / layout.gpusPerNode()));
      Arrays.fill(gpus, t, t + request.tokens(), (byte) (gpu % layout.gpusPerNode()));
      t += request.tokens();
    }
    return new LayerTokens(EXPERTS, TOP_K, tokens.ids(), nodes, gpus);
  }
}
