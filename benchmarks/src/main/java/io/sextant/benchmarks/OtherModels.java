package io.sextant.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.evaluate.PlacementTally;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.placement.solve.LoadBalance;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.RequestTrace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Prints what docs/evidence/solver.md tells of other models: gpt-oss-20b and deepseek-v2-lite
 * planned on one half of their requests and scored on the other, and Qwen3's counts planned on some
 * languages and scored on others.
 *
 * <pre>bench/java io.sextant.benchmarks.OtherModels REAL_MODELS</pre>
 */
public final class OtherModels {
  private OtherModels() {}

  public static void main(String[] args) throws Exception {
    Path models = Path.of(args[0]);
    halves(models.resolve("gpt-oss-20b.safetensors.zst"), "gpt-oss-20b", 32, 1);
    halves(models.resolve("gpt-oss-20b.safetensors.zst"), "gpt-oss-20b", 64, 12);
    halves(models.resolve("deepseek-v2-lite.safetensors.zst"), "deepseek-v2-lite", 64, 1);
    halves(models.resolve("deepseek-v2-lite.safetensors.zst"), "deepseek-v2-lite", 96, 1);
    languages(models.resolve("qwen3-moe-mgsm"));
  }

  /** Even requests plan, odd ones score; where a request ran is not known, so they take turns. */
  private static void halves(Path pack, String name, int slots, double balance) {
    ModelSpec model = ModelSpecs.load(name);
    List<RequestTrace> requests = SampleTokens.read(pack, model);
    SlotLayout layout = SlotLayout.of(4, 8, slots);
    int layers = model.moeLayers().size();
    DoubleAdder cpuSeconds = new DoubleAdder();
    PlacementTally[] none = new PlacementTally[3];
    Arrays.fill(none, PlacementTally.EMPTY);
    PlacementTally[] tally =
        IntStream.range(0, layers)
            .parallel()
            .mapToObj(l -> scored(requests, model, layout, l, balance, cpuSeconds))
            .reduce(none, OtherModels::plus);
    double seconds = cpuSeconds.sum();
    System.out.printf(
        "%n%s, %d slots on 4x8, balance %.0f, %.1f s of CPU a layer%n",
        name, slots, balance, seconds / layers);
    for (int p = 0; p < tally.length; p++) {
      print(new String[] {"linear", "EPLB-like", "sextant"}[p], tally[p].metrics());
    }
  }

  private static PlacementTally[] plus(PlacementTally[] one, PlacementTally[] other) {
    return IntStream.range(0, one.length)
        .mapToObj(p -> one[p].plus(other[p]))
        .toArray(PlacementTally[]::new);
  }

  /** A layer under the linear, the EPLB-like and our map. */
  private static PlacementTally[] scored(
      List<RequestTrace> requests,
      ModelSpec model,
      SlotLayout layout,
      int layer,
      double balance,
      DoubleAdder cpuSeconds) {
    LayerTokens first = half(requests, model, layer, 0);
    LayerTokens second = half(requests, model, layer, 1);
    long before = CpuClock.ofThread();
    int[] sextant =
        LayerSolver.solve(
            new LayerProblem(layout, first, 2048),
            SolverSettings.forSeconds(8, layout, first.experts(), 1).withGpuLoadWeight(balance));
    cpuSeconds.add((CpuClock.ofThread() - before) / 1e9);
    int[][] plans = {
      LinearPlacement.place(model.experts(), layout.slots()),
      EplbPlacement.global(SampleTokens.load(first), layout),
      sextant
    };
    return Arrays.stream(plans)
        .map(plan -> Evaluations.of(layout, plan, second, 2048))
        .toArray(PlacementTally[]::new);
  }

  static void print(String plan, PlacementMetrics metrics) {
    System.out.printf(
        "| %s | %.4f | %.4f | %.4f |%n",
        plan,
        metrics.remoteNodesPerToken(),
        metrics.maxOverMeanGpuLoad(),
        metrics.maxOverMeanNodeReceive());
  }

  private static LayerTokens half(
      List<RequestTrace> requests, ModelSpec model, int layer, int odd) {
    int[] picked = IntStream.range(0, requests.size()).filter(r -> r % 2 == odd).toArray();
    int tokens = IntStream.of(picked).map(r -> requests.get(r).tokens()).sum();
    short[] ids = new short[tokens * model.topK()];
    byte[] source = new byte[tokens];
    int t = 0;
    for (int r : picked) {
      short[] rows = requests.get(r).experts()[layer];
      System.arraycopy(rows, 0, ids, t * model.topK(), rows.length);
      Arrays.fill(source, t, t + requests.get(r).tokens(), (byte) (r / 2 % 4));
      t += requests.get(r).tokens();
    }
    return new LayerTokens(model.experts(), model.topK(), ids, source);
  }

  /** Counts alone: balance only, every language as one large micro-batch. */
  private static void languages(Path folder) throws IOException {
    String[] planned = {"en", "de", "zh", "bn"};
    String[] scored = {"es", "fr", "ja", "sw"};
    SlotLayout layout = SlotLayout.of(1, 32, 160);
    int[][][] seen = counts(folder, planned);
    int[][][] later = counts(folder, scored);
    double[][] sums = new double[2][2];
    for (int l = 0; l < seen.length; l++) {
      double[] load = new double[128];
      for (int[] language : seen[l]) {
        double sum = Arrays.stream(language).sum();
        for (int e = 0; e < 128; e++) {
          load[e] += language[e] / sum;
        }
      }
      int[] eplb = EplbPlacement.global(load, layout);
      int[] sextant = LoadBalance.place(seen[l], layout, 1);
      sums[0][0] += LoadBalance.maxOverMean(seen[l], eplb, layout);
      sums[0][1] += LoadBalance.maxOverMean(later[l], eplb, layout);
      sums[1][0] += LoadBalance.maxOverMean(seen[l], sextant, layout);
      sums[1][1] += LoadBalance.maxOverMean(later[l], sextant, layout);
    }
    System.out.printf(
        "%nQwen3, 48 layers of 128 experts, 160 slots on 32 GPUs: max/mean GPU load on the planned"
            + " languages %s, on %s%n",
        Arrays.toString(planned), Arrays.toString(scored));
    for (int p = 0; p < 2; p++) {
      System.out.printf(
          "| %s | %.4f | %.4f |%n",
          p == 0 ? "EPLB-like" : "sextant", sums[p][0] / seen.length, sums[p][1] / seen.length);
    }
  }

  /** Shape [layers][languages][experts]. */
  private static int[][][] counts(Path folder, String[] languages) throws IOException {
    int[][][] counts = new int[48][languages.length][128];
    for (int i = 0; i < languages.length; i++) {
      Path file = folder.resolve("mgsm_" + languages[i] + ".json.gz");
      try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
        JsonNode root = new ObjectMapper().readTree(in);
        for (int l = 0; l < 48; l++) {
          for (int e = 0; e < 128; e++) {
            counts[l][i][e] = root.path("" + l).path("" + e).path("activation_tokens").intValue();
          }
        }
      }
    }
    return counts;
  }
}
