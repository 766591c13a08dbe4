package io.sextant.placement.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.sextant.schema.spec.GpuMemories;
import io.sextant.schema.spec.ModelMemory.Part;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.Packagings;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CapacityTest {
  private static final int NODE = 8;

  private static Capacity capacity(
      String model, String packaging, String gpu, int group, double share, long context) {
    return new Capacity(
        new Deployment(
            ModelSpecs.load(model),
            Packagings.load(packaging),
            (long) (GpuMemories.bytes(gpu).orElseThrow() * share),
            group,
            2,
            false),
        new Promise(context, 1));
  }

  static Stream<String> models() {
    return ModelSpecs.names().stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void partsSumToThePublishedWeights(String name) {
    ModelSpec model = ModelSpecs.load(name);
    assertThat(WeightCounts.areKnown(model)).isTrue();
    // Kimi K2 is published as 1 T, without decimals.
    double tolerance = name.equals("kimi-k2") ? 3 : 1;
    assertThat(WeightCounts.of(model).total() / 1e9)
        .isCloseTo(model.memory().published().parameters(), withinPercentage(tolerance));
  }

  /** README_WEIGHTS.md of deepseek-ai/DeepSeek-V3; table 1 of gpt-oss's model card. */
  @Test
  void activeWeightsCountOneEmbedding() {
    assertThat(WeightCounts.of(ModelSpecs.load("deepseek-v3")).active() / 1e9)
        .isCloseTo(36.6, within(0.05));
    assertThat(WeightCounts.of(ModelSpecs.load("deepseek-v3")).multiToken() / 1e9)
        .isCloseTo(11.5, within(0.2));
    assertThat(WeightCounts.of(ModelSpecs.load("gpt-oss-120b")).active() / 1e9)
        .isCloseTo(5.13, within(0.01));
  }

  /**
   * What is published: Meta's announcement of Llama 4; SGLang's table of hardware for DeepSeek-V3;
   * the model card of gpt-oss; section 6 of arXiv:2407.21783; Kimi K2's guide to deployment, which
   * needs 16 GPUs for 128K.
   */
  @ParameterizedTest
  @CsvSource({
    "llama4-scout, int4, H100, 1, 8192, true",
    "llama4-scout, bf16, H100, 1, 8192, false",
    "llama4-maverick, fp8, H100, 8, 8192, true",
    "llama4-maverick, bf16, H100, 8, 8192, false",
    "deepseek-v3, fp8-block, H200, 8, 8192, true",
    "deepseek-v3, fp8-block, H100, 8, 8192, false",
    "deepseek-v3, fp8-block, MI300X, 8, 8192, true",
    "deepseek-v3, fp8-block, H100, 16, 8192, true",
    "deepseek-v3, bf16, H200, 8, 8192, false",
    "deepseek-v3, bf16, H200, 16, 8192, true",
    "deepseek-v3, bf16, H100, 16, 8192, false",
    "deepseek-v3, bf16, H100, 32, 8192, true",
    "gpt-oss-120b, mxfp4, H100, 1, 8192, true",
    "gpt-oss-120b, bf16, H100, 1, 8192, false",
    "llama3-405b, fp8, H100, 8, 8192, true",
    "llama3-405b, bf16, H100, 8, 8192, false",
    "kimi-k2, fp8-block, H200, 8, 131072, false",
    "kimi-k2, fp8-block, H200, 16, 131072, true"
  })
  void agreesWithWhatIsPublished(
      String model, String packaging, String gpu, int gpus, long context, boolean fits) {
    Capacity capacity = capacity(model, packaging, gpu, Math.min(NODE, gpus), 0.9, context);
    assertThat(capacity.largest(gpus).isPresent()).isEqualTo(fits);
  }

  /** SGLang's page on MiniMax-M2: 3 million tokens on eight GPUs of 144 GB at a share of 0.85. */
  @Test
  void cacheTokensAreThoseThatAnEngineReports() {
    Capacity capacity = capacity("minimax-m2", "fp8-block", "H200", NODE, 0.85, 196_608);
    assertThat((double) capacity.load(NODE, 256).cacheTokens()).isCloseTo(3e6, withinPercentage(6));
    assertThat(new KeyValueCache(ModelSpecs.load("minimax-m2"), 2, 1, false).tokenBytes())
        .isEqualTo(62 * 2 * 8 * 128 * 2);
  }

  /** Latent attention is not divided over a group; heads are, as far as there are heads. */
  @Test
  void aGroupSharesHeads() {
    ModelSpec qwen = ModelSpecs.load("qwen3-235b-a22b");
    assertThat(new KeyValueCache(qwen, 2, 8, false).tokenBytes())
        .isEqualTo(94 * 2 * 128 * 2)
        .isEqualTo(new KeyValueCache(qwen, 2, 4, false).tokenBytes());
    ModelSpec deepseek = ModelSpecs.load("deepseek-v3");
    assertThat(new KeyValueCache(deepseek, 2, 8, false).tokenBytes())
        .isEqualTo(61 * 576 * 2)
        .isEqualTo(new KeyValueCache(deepseek, 2, 1, false).tokenBytes());
    assertThat(new KeyValueCache(deepseek, 1, 1, true).tokenBytes()).isEqualTo(62 * 576);
  }

  @Test
  void windowsKeepNoMoreThanTheirTokens() {
    KeyValueCache scout = new KeyValueCache(ModelSpecs.load("llama4-scout"), 2, 1, false);
    long layer = 2 * 8 * 128 * 2;
    assertThat(scout.sequenceBytes(4_096)).isEqualTo(48 * layer * 4_096);
    assertThat(scout.sequenceBytes(1_000_000))
        .isEqualTo(12 * layer * 1_000_000 + 36 * layer * 8_192);
    KeyValueCache next = new KeyValueCache(ModelSpecs.load("qwen3-next-80b-a3b"), 2, 1, false);
    assertThat(next.sequenceBytes(2) - next.sequenceBytes(1)).isEqualTo(12 * 2 * 2 * 256 * 2);
  }

  @Test
  void everySlotTakesTheBytesOfItsExperts() {
    Capacity capacity = capacity("deepseek-v3", "fp8-block", "H200", NODE, 0.9, 8_192);
    List<GpuLoad> loads = capacity.loads(32);
    assertThat(loads.get(0).slots()).isEqualTo(256);
    long expert = Packagings.load("fp8-block").bytes(44_040_192L);
    for (int i = 1; i < loads.size(); i++) {
      assertThat(loads.get(i).slots()).isEqualTo(256 + 32 * i);
      assertThat(loads.get(i).weights() - loads.get(i - 1).weights())
          .isCloseTo(58 * expert, within(58L));
    }
    assertThat(loads.subList(0, loads.size() - 1)).allMatch(GpuLoad::fits);
    assertThat(loads.get(loads.size() - 1).fits()).isFalse();
    assertThat(loads.get(0).weightBytes()).doesNotContainKey(Part.MTP);
  }

  @Test
  void theSmallestClusterFitsAndTheNextSmallerDoesNot() {
    Capacity capacity = capacity("deepseek-v3", "fp8-block", "H100", NODE, 0.9, 8_192);
    GpuLoad smallest = capacity.smallest(NODE).orElseThrow();
    assertThat(smallest.gpus()).isEqualTo(16);
    assertThat(smallest.fits()).isTrue();
    assertThat(capacity("llama3-8b", "bf16", "H100", 8, 0.9, 8_192).smallest(NODE).orElseThrow())
        .extracting(GpuLoad::gpus)
        .isEqualTo(1);
  }

  /** 10 million tokens of 48 GB per GPU group do not get smaller with more GPUs. */
  @Test
  void aSequenceThatNoGroupHoldsFitsNowhere() {
    assertThat(capacity("deepseek-v3", "fp8-block", "H100", 1, 0.9, 10_000_000).smallest(NODE))
        .isEmpty();
  }
}
