package io.sextant.jobs.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.ServingProfiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class EngineMapsTest {
  @Test
  void warnsOfEveryEngineWithAnotherRuleThanThePlan() {
    assertThat(EngineMaps.warnings(EngineFormat.ids(), ServingProfiles.load("vllm")))
        .hasSize(3)
        .allMatch(warning -> warning.startsWith("the plan was made for serving profile vllm"));
    assertThat(EngineMaps.warnings(List.of("vllm", "eplb"), ServingProfiles.load("vllm")))
        .isEmpty();
  }

  @Test
  void publishesTheRowsThatEnginesLookUp() throws Exception {
    ModelSpec model = ModelSpecs.load("deepseek-v3");
    SortedMap<String, byte[]> files =
        EngineMaps.of(EngineFormat.ids(), "the plan", PlacementMap.linear(model), model, 32);
    assertThat(files.keySet())
        .containsExactly(
            "export/eplb/eplb.safetensors",
            "export/sglang/expert_location.json",
            "export/tensorrt-llm/moe_load_balancer.yaml",
            "export/vllm-ascend/expert_map.json",
            "export/vllm/initial_mapping.jsonl");
    byte[] sglang = files.get("export/sglang/expert_location.json");
    assertThat(new ObjectMapper().readTree(sglang).get("physical_to_logical_map")).hasSize(61);
    String tensorRt =
        new String(files.get("export/tensorrt-llm/moe_load_balancer.yaml"), StandardCharsets.UTF_8);
    assertThat(tensorRt).contains("\n  3: [", "\n  61: [").doesNotContain("\n  2: [");
  }
}
