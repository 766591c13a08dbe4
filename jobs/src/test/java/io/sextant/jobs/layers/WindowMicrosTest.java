package io.sextant.jobs.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.serving.CostModels;
import io.sextant.jobs.serving.LayerShape;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.LayerTrace;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.RequestKey;
import io.sextant.placement.baseline.FlashLb;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.grouping.LayerRequests;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.Packagings;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.spec.ServingProfiles;
import io.sextant.schema.trace.RequestTrace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chooses among maps of the first layer of a sample day. */
class WindowMicrosTest {
  private static final int REQUESTS = 150;
  private static final int EXPERTS = 128;
  private static final int BATCH = 1024;

  static LayerShape shape(String profile, Pool pool) {
    PlanTarget usual = SampleWarehouse.target(160, pool);
    ServingProfile served = ServingProfiles.load(profile).withTokens(BATCH, 16);
    return new LayerShape(usual.model(), usual.layout(), usual.sources(), served, pool);
  }

  @ParameterizedTest
  @CsvSource({
    "sglang, false",
    "sglang-low-latency, false",
    "sglang-dynamic, true",
    "sglang-lp, true",
    "vllm, false",
    "vllm-ascend, false",
    "vllm-low-latency, true",
    "vllm-all-gather, true",
    "tensorrt-llm, true",
    "tensorrt-llm-nvl72, true"
  })
  void knowsWhereBalanceAloneCanWin(String profile, boolean canWin) {
    assertThat(WindowMicros.balanceAloneCanWin(shape(profile, Pool.BOTH))).isEqualTo(canWin);
  }

  @Test
  void decodePoolsTravelAsInDecode() {
    assertThat(WindowMicros.balanceAloneCanWin(shape("vllm", Pool.DECODE))).isTrue();
  }

  @Test
  void takesTheMapThatIsFaster() throws Exception {
    LayerShape shape = shape("tensorrt-llm-nvl72", Pool.BOTH);
    LayerTrace trace = trace(REQUESTS);
    int[] balanced = balanced(trace, shape.layout());
    int[] linear = LinearPlacement.place(EXPERTS, shape.layout().slots());
    assertThat(micros(shape, trace).best(shape.layout(), List.of(linear, balanced)))
        .isSameAs(balanced);
    assertThat(micros(shape, trace).best(shape.layout(), List.of(balanced, linear)))
        .isSameAs(balanced);
  }

  @Test
  void passesOverAMapWithTwoCopiesOnAGpu() throws Exception {
    LayerShape shape = shape("tensorrt-llm-nvl72", Pool.BOTH);
    LayerTrace trace = trace(REQUESTS);
    int[] linear = LinearPlacement.place(EXPERTS, shape.layout().slots());
    int[] twice = balanced(trace, shape.layout());
    int[] copies = new int[EXPERTS];
    for (int expert : twice) {
      copies[expert]++;
    }
    for (int slot = 1; slot < shape.layout().slotsPerGpu(); slot++) {
      if (copies[twice[slot]] > 1) {
        twice[slot] = twice[0];
        break;
      }
    }
    assertThat(micros(shape, trace).best(shape.layout(), List.of(linear, twice))).isSameAs(linear);
  }

  @Test
  void keepsTheSearchsMapIfTheWindowHasNoBatch() throws Exception {
    LayerShape shape = shape("tensorrt-llm-nvl72", Pool.BOTH);
    LayerTrace trace = trace(REQUESTS);
    LayerShape wide =
        new LayerShape(
            shape.model(),
            shape.layout(),
            shape.sources(),
            shape.profile().withTokens(1_000_000, 16),
            Pool.BOTH);
    int[] linear = LinearPlacement.place(EXPERTS, shape.layout().slots());
    assertThat(
            micros(wide, trace)
                .best(wide.layout(), List.of(linear, balanced(trace, wide.layout()))))
        .isSameAs(linear);
  }

  private static WindowMicros micros(LayerShape shape, LayerTrace trace) {
    return new WindowMicros(
        shape,
        CostModels.of(
            SampleWarehouse.MODEL, SampleWarehouse.CLUSTER, Packagings.load(Packagings.BF16)),
        trace);
  }

  /** FlashLB's map; EPLB's may have two copies on a GPU. */
  private static int[] balanced(LayerTrace trace, SlotLayout layout) {
    return FlashLb.place(trace.tokens(), BATCH, layout);
  }

  static LayerTrace trace(int count) throws Exception {
    List<RequestTrace> requests = SampleWarehouse.requests("day07", count);
    int topK = SampleWarehouse.MODEL.topK();
    int[] start = new int[count + 1];
    for (int r = 0; r < count; r++) {
      start[r + 1] = start[r] + requests.get(r).experts()[0].length / topK;
    }
    short[] ids = new short[start[count] * topK];
    RequestKey[] keys = new RequestKey[count];
    int[] prefill = new int[count];
    for (int r = 0; r < count; r++) {
      short[] own = requests.get(r).experts()[0];
      System.arraycopy(own, 0, ids, start[r] * topK, own.length);
      keys[r] = new RequestKey("day08", r, r);
      prefill[r] = requests.get(r).prefillTokens();
    }
    return new LayerTrace(
        SampleWarehouse.MODEL.moeLayers().get(0),
        keys,
        new byte[count],
        new LayerRequests(EXPERTS, topK, start, prefill, ids, new byte[count]));
  }
}
