package io.sextant.schema.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.engine.EngineAdvice.State;
import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.spec.ModelSpecs;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EngineCheckTest {
  @ParameterizedTest
  @EnumSource
  void everyFactHasItsSource(EngineFormat format) {
    EngineGuide guide = EngineGuide.of(format.id());
    assertThat(guide.name()).isEqualTo(format.engine());
    for (EngineFact fact : guide.facts()) {
      assertThat(fact.source()).startsWith("https://");
      assertThat(fact.text()).doesNotContain("\n").doesNotEndWith(".");
      // Also tests reading the conditions and the versions.
      fact.applies(situation(format.id(), "0.1", "--x", "deepseek-v3", 288, 32));
    }
    guide.needs().forEach(need -> assertThat(need.source()).startsWith("https://"));
    if (!format.option().isEmpty()) {
      assertThat(guide.needs()).anyMatch(need -> need.option().contains(format.option()));
    }
  }

  /** The check accepts the options that it proposes. */
  @ParameterizedTest
  @CsvSource({
    "sglang,deepseek-v3",
    "sglang,qwen3-235b-a22b",
    "vllm,deepseek-v3",
    "vllm-ascend,deepseek-v3",
    "tensorrt-llm,deepseek-v3",
    "tensorrt-llm,gpt-oss-120b",
    "eplb,deepseek-v3"
  })
  void whatIsProposedIsFoundRight(String engine, String model) {
    int slots = ModelSpecs.load(model).experts() + 32;
    EngineFormat format = EngineFormat.of("--engine", engine);
    Situation bare = situation(engine, null, null, model, slots, 32);
    String launch = LaunchText.of(bare, format.fileName(), format.option());
    assertThat(states(situation(engine, null, launch, model, slots, 32)))
        .doesNotContain(State.WRONG);
  }

  @Test
  void writesTheOptionsOfEachEngine() {
    assertThat(launch("sglang", "map.json"))
        .isEqualTo(
            "--init-expert-location map.json --ep-size 32 --ep-num-redundant-experts 32"
                + " --moe-a2a-backend deepep");
    assertThat(launch("vllm", "map.jsonl"))
        .isEqualTo(
            "--enable-expert-parallel --enable-eplb --eplb-config"
                + " '{\"initial_mapping_path\":\"map.jsonl\",\"num_redundant_experts\":32}'");
    assertThat(launch("vllm-ascend", "map.json"))
        .isEqualTo(
            "--enable-expert-parallel --additional-config"
                + " '{\"eplb_config\":{\"expert_map_path\":\"map.json\",\"num_redundant_experts\":32}}'");
    assertThat(launch("tensorrt-llm", "map.yaml"))
        .isEqualTo(
            """
            moe_expert_parallel_size: 32
            enable_attention_dp: true
            moe_config:
              load_balancer: map.yaml
            """);
    assertThat(launch("eplb", "map")).isEmpty();
    Situation bare = situation("vllm", null, null, "deepseek-v3", 288, 32);
    assertThat(LaunchText.of(bare, "list.json", EngineFormat.VLLM_LIST.option()))
        .contains("{\"initial_expert_map_path\":\"list.json\",");
  }

  private static String launch(String engine, String file) {
    Situation bare = situation(engine, null, null, "deepseek-v3", 288, 32);
    return LaunchText.of(bare, file, EngineFormat.of("--engine", engine).option());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // Redundant experts without an all-to-all backend.
        "sglang | - | --ep-size 32 --ep-num-redundant-experts 32 --init-expert-location m.json | all-to-all | WRONG",
        "sglang | - | --moe-a2a-backend none | all-to-all | WRONG",
        "sglang | - | --moe-a2a-backend=deepep --tp-size 32 | all-to-all | -",
        "sglang | - | - | all-to-all | NOTE",
        "sglang | - | --moe-a2a-backend deepep --tp-size 16 | EP size | WRONG",
        "sglang | - | --moe-a2a-backend deepep --tp-size 32 | EP size | -",
        "sglang | - | --moe-a2a-backend deepep | EP size | NOTE",
        "sglang | - | --ep-size 16 | EP size | WRONG",
        "sglang | - | --init-expert-location map.yaml | file name | WRONG",
        "sglang | - | --enable-eplb | rebalancing | NOTE",
        "sglang | - | --eplb-topology t.json | topology | WRONG",
        "sglang | - | --speculative-algorithm NEXTN | MTP | NOTE",
        "vllm | 0.24.0 | --enable-eplb | build | WRONG",
        "vllm | 0.25.0 | --enable-eplb | build | NOTE",
        "vllm | - | --enable-eplb | build | NOTE",
        "vllm | - | --tensor-parallel-size 4 --data-parallel-size 4 | EP size | WRONG",
        "vllm | - | -tp 4 -dp 8 | EP size | -",
        "vllm-ascend | 0.25.1 | --x | static map | WRONG",
        "vllm-ascend | 0.25.0 | --x | static map | -",
        "vllm-ascend | 0.25.1rc1 | --x | static map | -",
        "vllm-ascend | - | --x | static map | NOTE",
        "vllm-ascend | - | VLLM_USE_V2_MODEL_RUNNER=1 vllm serve m | model runner | WRONG",
        "vllm-ascend | - | --additional-config '{\"eplb_config\": {\"expert_map_path\": \"map.txt\"}}' | file name | WRONG",
        "vllm-ascend | - | --additional-config '{\"eplb_config\": {\"dynamic_eplb\": true}}' | rebalancing | NOTE",
        "tensorrt-llm | - | --ep_size 32 | attention DP | WRONG",
        "tensorrt-llm | - | 'enable_attention_dp: false' | attention DP | WRONG",
        "tensorrt-llm | - | 'enable_attention_dp: true' | attention DP | -",
        "tensorrt-llm | - | {\"enable_attention_dp\": true} | attention DP | -",
        "tensorrt-llm | - | - | attention DP | NOTE",
        "tensorrt-llm | - | --moe_cluster_parallel_size 4 | MoE cluster | WRONG",
        "tensorrt-llm | - | --ep_size 32 | MTP | NOTE",
      })
  void factsApplyAsTheySay(
      String engine, String version, String flags, String what, State expected) {
    String text = flags != null && flags.startsWith("'") ? flags.replace("'", "") : flags;
    List<EngineAdvice> advice =
        EngineCheck.of(situation(engine, version, text, "deepseek-v3", 288, 32)).stream()
            .filter(one -> one.what().equals(what))
            .toList();
    if (expected == null) {
      assertThat(advice).isEmpty();
    } else {
      assertThat(advice).extracting(EngineAdvice::state).containsOnly(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sglang,llama4-maverick,WRONG",
    "sglang,deepseek-v3,",
    "sglang,sextant-128x8,NOTE",
    "tensorrt-llm,olmoe,WRONG",
    "tensorrt-llm,kimi-k2,",
    "tensorrt-llm,deepseek-v2-lite,WRONG"
  })
  void modelClassesCount(String engine, String model, State expected) {
    List<State> states =
        EngineCheck.of(situation(engine, null, "--x", model, 0, 0)).stream()
            .filter(one -> one.what().equals("model class"))
            .map(EngineAdvice::state)
            .toList();
    assertThat(states).isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "288 | 32 | OK | 288 slots on 32 GPUs, 9 on each; 32 redundant experts",
        "290 | 32 | WRONG | 32 GPUs do not divide 290 slots",
        "288 | 72 | OK | 288 slots on 72 GPUs, 4 on each; 32 redundant experts",
        "256 | 24 | WRONG | 24 GPUs do not divide 256 slots",
        "240 | 24 | WRONG | 240 slots do not hold 256 experts",
        "0 | 24 | OK | the least that 24 GPUs divide is 264: 256 experts and 8 redundant"
      })
  void slotsThatDoNotDivideGetTheLeastThatDo(int slots, int gpus, State state, String text) {
    EngineAdvice advice =
        EngineCheck.of(situation("vllm", null, null, "deepseek-v3", slots, gpus)).get(0);
    assertThat(advice.state()).isEqualTo(state);
    assertThat(advice.text()).isEqualTo(text);
    if (state == State.WRONG) {
      assertThat(advice.remedy()).startsWith("Take a multiple of " + gpus + "; the least that ");
    }
  }

  @Test
  void slotsAndGpusAreTakenFromTheOptionsToo() {
    String flags = "--ep-size 72 --ep-num-redundant-experts 30";
    EngineAdvice advice =
        EngineCheck.of(situation("sglang", null, flags, "deepseek-v3", 0, 0)).get(0);
    assertThat(advice.line())
        .isEqualTo(
            "wrong  slots        72 GPUs do not divide 286 slots. Take a multiple of 72; the least"
                + " that 72 GPUs divide is 288: 256 experts and 32 redundant");
  }

  @Test
  void optionsThatAreMissingOrOtherwiseAreNamed() {
    assertThat(
            lines(
                "vllm-ascend",
                "--enable-expert-parallel --additional-config '{\"eplb_config\":"
                    + " {\"num_redundant_experts\": 16}}'"))
        .contains(
            "ok     options      --enable-expert-parallel",
            "wrong  options      it needs --additional-config"
                + " '{\"eplb_config\":{\"expert_map_path\":\"FILE\"}}'. Add it"
                + " (https://github.com/vllm-project/vllm-ascend/blob/182b75ea84ff13ece27b57391331ef8935410aea/vllm_ascend/ascend_config.py)",
            "wrong  options      it needs --additional-config"
                + " '{\"eplb_config\":{\"num_redundant_experts\":32}}', not 16. Change it"
                + " (https://github.com/vllm-project/vllm-ascend/blob/182b75ea84ff13ece27b57391331ef8935410aea/vllm_ascend/ops/fused_moe/routed_experts.py)");
    assertThat(lines("tensorrt-llm", "moe_config: {load_balancer: {num_slots: 288}}"))
        .contains("ok     options      moe_config: {load_balancer: FILE}");
  }

  @Test
  void nothingBreaksThatIsNotAskedFor() {
    for (EngineFormat format : EngineFormat.values()) {
      assertThat(states(situation(format.id(), null, null, null, 0, 0)))
          .doesNotContain(State.WRONG);
    }
  }

  private static List<String> lines(String engine, String flags) {
    return EngineCheck.of(situation(engine, null, flags, "deepseek-v3", 288, 32)).stream()
        .map(EngineAdvice::line)
        .toList();
  }

  private static List<State> states(Situation situation) {
    return EngineCheck.of(situation).stream().map(EngineAdvice::state).toList();
  }

  /** A situation in which arguments that are null or 0 are unknown. */
  private static Situation situation(
      String engine, String version, String flags, String model, int slots, int gpus) {
    EngineGuide guide = EngineGuide.of(engine);
    return new Situation(
        guide,
        version == null ? null : EngineVersion.parse("v", version),
        flags == null || flags.isEmpty() ? null : EngineFlags.parse("--flags", flags, guide),
        model == null ? null : ModelSpecs.load(model),
        slots == 0 ? OptionalInt.empty() : OptionalInt.of(slots),
        gpus == 0 ? OptionalInt.empty() : OptionalInt.of(gpus));
  }
}
