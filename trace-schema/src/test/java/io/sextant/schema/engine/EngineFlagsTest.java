package io.sextant.schema.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineFlagsTest {
  @TempDir private Path folder;

  @Test
  void readsWhatAShellWould() {
    EngineFlags flags =
        sglang(
            "VLLM_USE_V2_MODEL_RUNNER=1 python -m sglang.launch_server --ep-size 32 -tp=8"
                + " --enable-eplb --model_path 'a b' \\\n  --ep_num_redundant_experts=\"32\"");
    assertThat(flags.value(List.of("ep_size"))).contains("32");
    assertThat(flags.value(List.of("tensor_parallel_size", "tp"))).contains("8");
    assertThat(flags.value(List.of("enable_eplb"))).contains("true");
    assertThat(flags.value(List.of("model_path"))).contains("a b");
    assertThat(flags.integer(List.of("ep_num_redundant_experts"))).isEqualTo(OptionalInt.of(32));
    assertThat(flags.value(List.of("env.VLLM_USE_V2_MODEL_RUNNER"))).contains("1");
    assertThat(flags.value(List.of("none"))).isEmpty();
  }

  @Test
  void namesTheFieldsOfJsonWithDots() {
    EngineFlags flags =
        sglang(
            "--additional-config '{\"eplb_config\": {\"expert_map_path\": \"/m/e.json\","
                + " \"num_redundant_experts\": 32}}' --eplb-config.window_size 50");
    assertThat(flags.value(List.of("additional_config.eplb_config.expert_map_path")))
        .contains("/m/e.json");
    assertThat(flags.value(List.of("eplb_config.window_size"))).contains("50");
    assertThat(flags.value(List.of("additional_config.eplb_config")))
        .isEqualTo(Optional.of("{...}"));
  }

  @Test
  void readsYamlAndFilesOfIt() throws Exception {
    String yaml = "enable_attention_dp: true\nmoe_config:\n  load_balancer: map.yaml\n";
    assertThat(sglang(yaml).value(List.of("moe_config.load_balancer"))).contains("map.yaml");
    Path file = folder.resolve("extra.yaml");
    Files.writeString(file, yaml);
    assertThat(sglang(file.toString()).value(List.of("enable_attention_dp"))).contains("true");
    EngineGuide tensorRt = EngineGuide.of("tensorrt-llm");
    String command = "trtllm-serve m --ep_size 32 --extra_llm_api_options " + file;
    EngineFlags served = EngineFlags.parse("--flags", command, tensorRt);
    assertThat(served.value(List.of("moe_config.load_balancer"))).contains("map.yaml");
    assertThat(served.value(List.of("ep_size"))).contains("32");
  }

  @Test
  void whatCannotBeReadIsNamed() {
    assertThat(message(() -> sglang("--a 'b")))
        .isEqualTo("--flags: a ' is not closed. Close it, or quote the whole as for a shell");
    assertThat(message(() -> sglang("--eplb-config '{\"a\": '")))
        .isEqualTo("--flags: neither JSON nor YAML: {\"a\": . Quote it as for a shell");
    assertThat(message(() -> sglang("none.yaml")))
        .isEqualTo(
            "--flags none.yaml: it cannot be read. Name a file of the engine's options, or write"
                + " the options themselves");
    assertThat(message(() -> sglang("--ep-size many").integer(List.of("ep_size"))))
        .isEqualTo("--flags: ep_size: many is not a whole number. Give a number from 0");
  }

  private static EngineFlags sglang(String text) {
    return EngineFlags.parse("--flags", text, EngineGuide.of("sglang"));
  }

  private static String message(ThrowingCallable call) {
    return catchThrowableOfType(InvalidInputException.class, call).getMessage();
  }
}
