package io.sextant.schema.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.EngineFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingProfilesTest {
  private static final Path FOLDER = Path.of("../conf/serving");

  @TempDir private Path folder;

  @Test
  void everyFileIsAProfileOfAnEngineThatMapsAreExportedFor() throws IOException {
    assertThat(ServingProfiles.names())
        .contains("sglang", "sglang-dynamic", "sglang-lp", "vllm", "vllm-ascend", "tensorrt-llm");
    for (String name : ServingProfiles.names()) {
      ServingProfile profile = ServingProfiles.load(name);
      assertThat(profile.name()).isEqualTo(name);
      assertThat(EngineFormat.ids()).contains(profile.engine());
      assertThat(Files.readString(FOLDER.resolve(name + ".yaml")))
          .as("the source of %s", name)
          .contains("read from");
    }
    try (var files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")).sorted())
          .isEqualTo(ServingProfiles.names());
    }
  }

  @Test
  void theEnginesUsualRules() {
    assertThat(
            List.of("sglang", "sglang-dynamic", "sglang-lp", "vllm", "vllm-ascend", "tensorrt-llm"))
        .extracting(name -> ServingProfiles.load(name).copyRule())
        .containsExactly(
            CopyRule.NEAREST,
            CopyRule.RANDOM,
            CopyRule.LP,
            CopyRule.TOKEN_HASH,
            CopyRule.RANK,
            CopyRule.ROUND_ROBIN);
    assertThat(ServingProfiles.DEFAULT).isEqualTo("sglang");
  }

  @Test
  void aSharedPoolHasNoRouterThatKnowsTheExpertsOfAPrompt() throws IOException {
    String shared =
        Files.readString(FOLDER.resolve("sglang-disaggregated.yaml"))
            .replace("pools: disaggregated", "pools: shared");
    Path file = Files.writeString(folder.resolve("own.yaml"), shared);
    assertThatThrownBy(() -> ServingProfiles.load(file.toString()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("own.yaml")
        .hasMessageContaining("router")
        .hasMessageContaining("known only after prefill");
  }

  @Test
  void otherBatchesLeaveTheRestAlone() {
    ServingProfile profile = ServingProfiles.load("vllm");
    ServingProfile other = profile.withTokens(1, 2);
    assertThat(other.prefillTokens()).isEqualTo(1);
    assertThat(other.decodeTokens()).isEqualTo(2);
    assertThat(other.withTokens(profile.prefillTokens(), profile.decodeTokens()))
        .isEqualTo(profile);
  }
}
