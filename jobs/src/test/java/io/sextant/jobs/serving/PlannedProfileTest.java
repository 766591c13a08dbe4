package io.sextant.jobs.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.ServingProfiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannedProfileTest {
  private static PlannedProfile planned(String profile) {
    return new PlannedProfile(PlannedFor.of(ServingProfiles.load(profile)));
  }

  @ParameterizedTest
  @CsvSource({
    "sglang, SGLANG",
    "sglang-low-latency, SGLANG",
    "vllm-all-gather, VLLM_LIST",
    "vllm-ascend, VLLM_ASCEND",
    "tensorrt-llm-nvl72, TENSORRT_LLM",
    "vllm, EPLB"
  })
  void aPlanForTheEnginesRuleNeedsNoWarning(String profile, EngineFormat format) {
    assertThat(planned(profile).warningFor(format)).isEmpty();
  }

  @Test
  void warnsOfAnotherEnginesRule() {
    assertThat(planned("vllm").warningFor(EngineFormat.SGLANG))
        .contains(
            "the plan was made for serving profile vllm (copy rule token-hash), but SGLang usually"
                + " chooses copies by nearest. Plan again with solve --serving sglang");
  }

  @Test
  void anEngineCanBeStartedWithTheRuleOfThePlan() {
    assertThat(planned("sglang-lp").warningFor(EngineFormat.SGLANG))
        .contains(
            "the plan was made for serving profile sglang-lp (copy rule lp), but SGLang usually"
                + " chooses copies by nearest. Plan again with solve --serving sglang, or start the"
                + " engine as conf/serving/sglang-lp.yaml says");
  }

  @Test
  void aProfileOfTheUsersOwnIsNamedAsItIs() {
    assertThat(
            new PlannedProfile(new PlannedFor("ours", CopyRule.RANDOM))
                .warningFor(EngineFormat.VLLM_RECORD))
        .contains(
            "the plan was made for serving profile ours (copy rule random), but vLLM usually"
                + " chooses copies by token-hash. Plan again with solve --serving vllm");
  }

  @Test
  void aBaselineWasPlannedForNoProfile() {
    PlannedProfile none = new PlannedProfile(PlannedFor.NONE);
    assertThat(none.warningFor(EngineFormat.VLLM_LIST))
        .contains(
            "the map was planned for no serving profile, as baselines and plans from counts are,"
                + " but vLLM usually chooses copies by token-hash. Plan from traces with solve"
                + " --serving vllm");
    assertThat(none.warningFor(EngineFormat.EPLB)).isEmpty();
    assertThat(none.lineIfScoredUnder("greedy", ServingProfiles.load("sglang")))
        .contains(
            "greedy was planned for no serving profile and is scored under sglang (nearest)\n");
  }

  @Test
  void saysUnderWhichProfileAMapIsScored() {
    assertThat(planned("vllm").lineIfScoredUnder("plan", ServingProfiles.load("vllm"))).isEmpty();
    assertThat(planned("vllm").lineIfScoredUnder("plan", ServingProfiles.load("sglang")))
        .contains(
            "plan was planned for serving profile vllm (copy rule token-hash) and is scored under"
                + " sglang (nearest)\n");
  }
}
