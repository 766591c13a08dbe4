package io.sextant.benchmarks;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.copies.LayerDispatch;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.MicroBatchRecord;
import io.sextant.placement.evaluate.ServedPhases;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import io.sextant.schema.trace.RequestTrace;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How many token-layers {@link LayerEvaluator} scores: all six layers of a pack on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EvaluatorRate {
  private static final CostModel FREE = new CostModel(0, 0, 0);

  /** A pack of sextant-128x8. */
  @Param("samples/day08.safetensors.zst")
  public String pack;

  /** Without copies the map is linear, with copies it is EPLB-like. */
  @Param({"4x8:128", "4x8:160", "8x8:128", "8x8:192"})
  public String layout;

  /** The rule for copies. */
  @Param({"NEAREST", "TOKEN_HASH", "IDEAL", "LP"})
  public CopyRule rule;

  private SlotLayout slots;
  private List<RequestTrace> requests;
  private int[][] maps;

  @Setup
  public void place() {
    slots = Layouts.of(layout);
    requests = SampleTokens.read(Path.of(pack));
    maps = new int[SampleTokens.model().moeLayers().size()][];
    int experts = SampleTokens.model().experts();
    for (int layer = 0; layer < maps.length; layer++) {
      maps[layer] =
          slots.slots() == experts
              ? LinearPlacement.place(experts, experts)
              : EplbPlacement.global(
                  SampleTokens.load(SampleTokens.layer(requests, layer, slots.nodes())), slots);
    }
  }

  /** {@link CpuProfiler} counts token-layers. */
  @Benchmark
  public long evaluate() {
    long begun = CpuClock.ofThread();
    long tokenLayers = 0;
    for (int layer = 0; layer < maps.length; layer++) {
      LayerEvaluator evaluator =
          new LayerEvaluator(
                  LayerDispatch.of(rule, slots, maps[layer], 128),
                  Evaluations.profile(rule, Transport.NODE_DEDUPLICATED, 8192, 256),
                  ServedPhases.BOTH,
                  FREE)
              .recordInto(new MicroBatchRecord());
      for (RequestTrace request : requests) {
        evaluator.add(
            request.experts()[layer],
            request.topK(),
            request.prefillTokens(),
            request.decodeTokens(),
            SampleTokens.sourceGpu(request, slots));
      }
      tokenLayers += evaluator.tally().main().tokens();
    }
    CpuProfiler.called(CpuClock.ofThread() - begun, tokenLayers);
    return tokenLayers;
  }
}
