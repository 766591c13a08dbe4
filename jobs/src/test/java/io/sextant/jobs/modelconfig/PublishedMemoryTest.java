package io.sextant.jobs.modelconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.placement.capacity.KeyValueCache;
import io.sextant.placement.capacity.WeightCounts;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights and caches of the descriptions that init writes. */
class PublishedMemoryTest {
  private static final Path CONFIGS = Path.of("src/test/resources/configs");

  @TempDir Path folder;

  private static JsonNode published() throws IOException {
    return new ObjectMapper().readTree(CONFIGS.resolve("published.json").toFile());
  }

  static Stream<String> models() throws IOException {
    List<String> names = new ArrayList<>();
    published().fieldNames().forEachRemaining(names::add);
    return names.stream();
  }

  private static ModelSpec described(Path config) {
    return ModelSpecs.parse(config.toString(), PublishedConfig.read(config).yaml("m"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void weightsAndCacheAreThePublishedOnes(String name) throws IOException {
    JsonNode expected = published().get(name);
    ModelSpec model = described(CONFIGS.resolve(name + ".json"));
    assertThat(WeightCounts.areKnown(model)).isTrue();
    assertThat(WeightCounts.of(model).total() / 1e9 + expected.path("outside_billions").asDouble())
        .isCloseTo(expected.get("billions").doubleValue(), withinPercentage(1));
    if (expected.has("kv_bytes_per_token")) {
      assertThat(new KeyValueCache(model, 2, 1, false).tokenBytes())
          .isEqualTo(expected.get("kv_bytes_per_token").longValue());
    }
    if (expected.has("packaging")) {
      assertThat(model.packaging()).isEqualTo(expected.get("packaging").textValue());
    }
  }

  @Test
  void atLeastSixteenModelsAreCompared() throws IOException {
    assertThat(models()).hasSizeGreaterThan(16);
  }

  /** A wrong size would go unnoticed, so what is not understood has none. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "deepseek-v4-flash",
        "granite-4.0-h-small",
        "jamba-1.5-mini",
        "kimi-linear-48b",
        "lfm2-8b-a1b",
        "mimo-v2-flash",
        "minimax-m3",
        "minimax-text-01",
        "nemotron-3-nano",
        "qwen4-exp",
        "step-3"
      })
  void attentionOfAnotherKindHasNoSize(String name) {
    assertThat(WeightCounts.areKnown(described(CONFIGS.resolve(name + ".json")))).isFalse();
  }

  @Test
  void expertsWithoutAGateHaveTwoMatrices() {
    ModelSpec model = described(CONFIGS.resolve("nemotron-3-nano.json"));
    assertThat(model.expertWeights()).isEqualTo(2L * 2688 * 1856);
    assertThat(model.memory().sharedIntermediate()).isEqualTo(3712);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"quant_method\": \"fp8\"}|fp8",
        "{\"quant_method\": \"fp8\", \"weight_block_size\": [128, 128]}|fp8-block",
        "{\"quant_method\": \"fbgemm_fp8\"}|fp8",
        "{\"quant_method\": \"gptq\", \"bits\": 4}|int4",
        "{\"quant_method\": \"gptq\", \"bits\": 8}|",
        "{\"quant_method\": \"modelopt\", \"quant_algo\": \"NVFP4\"}|nvfp4",
        "{\"quant_method\": \"compressed-tensors\", \"config_groups\": {\"group_0\": {\"weights\":"
            + " {\"num_bits\": 4, \"type\": \"int\", \"group_size\": 32}}}}|int4",
        "{\"quant_method\": \"compressed-tensors\", \"config_groups\": {\"group_0\": {\"weights\":"
            + " {\"num_bits\": 8, \"type\": \"float\", \"strategy\": \"channel\"}}}}|fp8",
        "{\"quant_method\": \"quark\"}|"
      })
  void theQuantisationIsThePackaging(String quantization, String packaging) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(
        file,
        "{\"num_hidden_layers\": 8, \"hidden_size\": 64, \"intermediate_size\": 256,"
            + " \"vocab_size\": 1000, \"max_position_embeddings\": 2048,"
            + " \"quantization_config\": "
            + quantization
            + "}");
    assertThat(described(file).packaging()).isEqualTo(packaging);
  }
}
