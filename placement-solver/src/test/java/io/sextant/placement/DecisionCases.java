package io.sextant.placement;

import io.sextant.placement.cost.CostModel;
import io.sextant.placement.decision.ArrivingBytes;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.MicroBatchSeries;
import io.sextant.placement.decision.MovingCost;
import io.sextant.placement.decision.Verdict;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.MicroBatchRecord;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.trace.RequestTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Twenty decisions on real traffic whose answer is known, five of each kind:
 *
 * <ul>
 *   <li>same map: keep;
 *   <li>pure noise, two plans of the same window that differ by their seed alone: anything but
 *       publish;
 *   <li>real drift, the map in force was planned on requests of some domains and others came, on
 *       which the candidate was planned: publish;
 *   <li>too few tokens, the same with a handful of held-out micro-batches: insufficient evidence.
 * </ul>
 *
 * On full days:
 *
 * <pre>java -Xmx4g -cp TEST_CLASS_PATH io.sextant.placement.DecisionCases TRACES</pre>
 */
public final class DecisionCases {
  private static final int EACH = 5;
  private static final int NODES = 4;
  private static final SlotLayout LAYOUT = SlotLayout.of(NODES, 8, 128);
  private static final ModelSpec MODEL = SampleTokens.model();
  private static final long EXPERT_BYTES = MODEL.expertWeights() * Short.BYTES;

  /** As the 4x8-h200 cluster of conf/clusters gives it. */
  private static final double LINK_GIGABYTES_PER_SECOND = 400;

  private static final CostModel COST =
      new CostModel(
          6.0 * MODEL.hidden() * MODEL.expertIntermediate() / (770 * 1e6),
          EXPERT_BYTES / (4290 * 1e3),
          3.0 * MODEL.hidden() / (LINK_GIGABYTES_PER_SECOND * 1e3));

  private final List<RequestTrace> window;
  private final List<List<RequestTrace>> heldOut;
  private final int[] layers;
  private final SolverSettings settings;
  private final int microBatchTokens;

  private DecisionCases(
      List<RequestTrace> window,
      List<List<RequestTrace>> heldOut,
      int[] layers,
      SolverSettings settings,
      int microBatchTokens) {
    this.window = window;
    this.heldOut = heldOut;
    this.layers = layers;
    this.settings = settings;
    this.microBatchTokens = microBatchTokens;
  }

  /** A decision, and the answers that are right. */
  public record Case(String kind, Set<Verdict> right, Decision decision) {

    /** Whether the rule got it right. */
    public boolean isRight() {
      return right.contains(decision.verdict());
    }
  }

  /** Planned on days 4 to 6 of the samples, held out days 7 and 8; all six layers. */
  public static List<Case> onSamples() {
    SolverSettings quick =
        new SolverSettings(
            new SearchBudget(20_000, 80_000, 0, 40_000, 0, 0), ObjectiveWeights.DEFAULT, 0);
    return new DecisionCases(
            IntStream.of(4, 5, 6).boxed().flatMap(d -> SampleTokens.day(d).stream()).toList(),
            List.of(SampleTokens.day(7), SampleTokens.day(8)),
            new int[] {0, 1, 2, 3, 4, 5},
            quick,
            384)
        .cases();
  }

  public static void main(String[] args) {
    Path traces = Path.of(args[0]);
    DecisionCases full =
        new DecisionCases(
            days(traces, 4, 7),
            List.of(days(traces, 8, 8), days(traces, 9, 9)),
            new int[] {0, 1, 2, 3, 4, 5},
            SolverSettings.forSeconds(1, LAYOUT, 128, 0),
            8192);
    List<Case> cases = full.cases();
    for (Case each : cases) {
      print(each.kind(), each.decision());
    }
    System.out.printf(
        "%d of %d right%n%n", cases.stream().filter(Case::isRight).count(), cases.size());
    List<RequestTrace> earlier = days(traces, 1, 3);
    for (int seed = 1; seed <= EACH; seed++) {
      print(
          "days 1-3 to 4-7",
          full.decide(
              full.plan(earlier, seed),
              full.plan(full.window, seed),
              full.heldOut,
              Long.MAX_VALUE));
    }
  }

  private static List<RequestTrace> days(Path traces, int from, int to) {
    return IntStream.rangeClosed(from, to)
        .boxed()
        .flatMap(
            day ->
                SampleTokens.read(traces.resolve("day%02d.safetensors.zst".formatted(day)))
                    .stream())
        .toList();
  }

  private static void print(String kind, Decision d) {
    Estimate time = d.currentLayerMicros();
    System.out.printf(
        Locale.ROOT,
        "%-16s %-22s %4d micro-batches %s layer %s us, saved: %s nodes, %s load, %s receive%n",
        kind,
        d.verdict(),
        d.microBatches(),
        d.reason(),
        time == null ? "-" : "%.2f".formatted(time.value()),
        saved(d.savedRemoteNodes()),
        saved(d.savedGpuLoad()),
        saved(d.savedNodeReceive()));
  }

  private static String saved(Estimate saved) {
    return saved == null
        ? "-"
        : String.format(Locale.ROOT, "%.4f [%.4f, %.4f]", saved.value(), saved.low(), saved.high());
  }

  private List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int i = 1; i <= EACH; i++) {
      int[][] current = plan(window, i);
      cases.add(
          new Case(
              "same map",
              EnumSet.of(Verdict.KEEP),
              decide(current, current, heldOut, Long.MAX_VALUE)));
      cases.add(
          new Case(
              "pure noise",
              EnumSet.of(Verdict.KEEP, Verdict.INSUFFICIENT_EVIDENCE),
              decide(current, plan(window, i + EACH), heldOut, Long.MAX_VALUE)));
    }
    List<String> domains = window.stream().map(RequestTrace::domain).distinct().sorted().toList();
    for (int i = 0; i < EACH; i++) {
      Set<String> before =
          Set.copyOf(
              Stream.iterate(2 * i, d -> d + 1)
                  .limit(domains.size() / 2)
                  .map(d -> domains.get(d % domains.size()))
                  .toList());
      List<RequestTrace> asPlanned =
          window.stream().filter(r -> before.contains(r.domain())).toList();
      List<RequestTrace> asItIs =
          window.stream().filter(r -> !before.contains(r.domain())).toList();
      List<List<RequestTrace>> later =
          heldOut.stream()
              .map(day -> day.stream().filter(r -> !before.contains(r.domain())).toList())
              .toList();
      int[][] current = plan(asPlanned, i + 1);
      int[][] candidate = plan(asItIs, i + 1);
      cases.add(
          new Case(
              "real drift",
              EnumSet.of(Verdict.PUBLISH),
              decide(current, candidate, later, Long.MAX_VALUE)));
      long few = (2L + 4L * i) * microBatchTokens;
      cases.add(
          new Case(
              "too few tokens",
              EnumSet.of(Verdict.INSUFFICIENT_EVIDENCE),
              decide(current, candidate, later.subList(0, 1), few)));
    }
    return cases;
  }

  private int[][] plan(List<RequestTrace> requests, int seed) {
    return Arrays.stream(layers)
        .parallel()
        .mapToObj(
            layer ->
                LayerSolver.solve(
                    new LayerProblem(
                        LAYOUT, SampleTokens.layer(requests, layer, NODES), microBatchTokens),
                    settings.withSeed(seed * 31L + layer)))
        .toArray(int[][]::new);
  }

  private Decision decide(
      int[][] current, int[][] candidate, List<List<RequestTrace>> days, long mostTokens) {
    return DecisionRule.DEFAULT.decide(
        series(current, days, mostTokens),
        series(candidate, days, mostTokens),
        MovingCost.of(
            ArrivingBytes.between(NODES, LAYOUT.gpusPerNode(), current, candidate, EXPERT_BYTES),
            LINK_GIGABYTES_PER_SECOND,
            MovingCost.NIGHTLY_HOURS));
  }

  /**
   * @param mostTokens of each day
   */
  private MicroBatchSeries series(int[][] slots, List<List<RequestTrace>> days, long mostTokens) {
    List<MicroBatchRecord[]> stretches = new ArrayList<>();
    for (List<RequestTrace> day : days) {
      MicroBatchRecord[] records = new MicroBatchRecord[layers.length];
      for (int l = 0; l < layers.length; l++) {
        records[l] = new MicroBatchRecord();
        LayerEvaluator evaluator =
            Evaluations.evaluator(LAYOUT, slots[l], MODEL.experts(), COST, microBatchTokens, 256)
                .recordInto(records[l]);
        long left = mostTokens;
        for (RequestTrace request : day) {
          int rows = (int) Math.min(left, request.tokens());
          evaluator.add(
              Arrays.copyOf(request.experts()[layers[l]], rows * request.topK()),
              request.topK(),
              request.prefillTokens(),
              request.decodeTokens(),
              SampleTokens.sourceGpu(request, LAYOUT));
          left -= rows;
        }
      }
      stretches.add(records);
    }
    return MicroBatchSeries.of(stretches);
  }
}
