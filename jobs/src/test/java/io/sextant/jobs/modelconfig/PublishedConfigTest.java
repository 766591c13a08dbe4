package io.sextant.jobs.modelconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.schema.InvalidInputException;
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

class PublishedConfigTest {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  private static final Path CONFIGS = Path.of("src/test/resources/configs");

  /** The fields that every file in this test needs. */
  private static final String REST =
      "\"num_hidden_layers\": 8, \"hidden_size\": 64, \"intermediate_size\": 256,"
          + " \"vocab_size\": 1000, \"max_position_embeddings\": 2048";

  @TempDir Path folder;

  static Stream<String> models() throws IOException {
    List<String> names = new ArrayList<>();
    JSON.readTree(CONFIGS.resolve("expected.json").toFile())
        .fieldNames()
        .forEachRemaining(names::add);
    return names.stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void describesAPublishedModel(String name) throws IOException {
    JsonNode expected = JSON.readTree(CONFIGS.resolve("expected.json").toFile()).get(name);
    ModelSpec model = described(CONFIGS.resolve(name + ".json"));
    assertThat(model.layers()).as("layers").isEqualTo(expected.get("layers").intValue());
    assertThat(model.moeLayers()).as("MoE layers").isEqualTo(integers(expected.get("moe")));
    assertThat(model.experts()).as("experts").isEqualTo(expected.get("experts").intValue());
    assertThat(model.topK()).as("top-k").isEqualTo(expected.get("top_k").intValue());
    assertThat(model.sharedExperts())
        .as("shared experts")
        .isEqualTo(expected.get("shared_experts").intValue());
    assertThat(model.hidden()).as("hidden").isEqualTo(expected.get("hidden").intValue());
    assertThat(model.expertIntermediate())
        .as("width of an expert")
        .isEqualTo(expected.get("expert_intermediate").intValue());
    if (expected.has("dense_intermediate")) {
      assertThat(model.denseIntermediate())
          .as("width of a dense layer")
          .isEqualTo(expected.get("dense_intermediate").intValue());
    }
    assertThat(model.router() == null ? null : model.router().scoring())
        .as("scoring")
        .isEqualTo(expected.get("scoring").textValue());
    if (expected.has("groups")) {
      assertThat(model.router().groups()).isEqualTo(expected.get("groups").intValue());
      assertThat(model.router().groupsUsed()).isEqualTo(expected.get("groups_used").intValue());
    }
  }

  private static List<Integer> integers(JsonNode list) {
    List<Integer> integers = new ArrayList<>();
    list.forEach(element -> integers.add(element.intValue()));
    return integers;
  }

  private static ModelSpec described(Path config) {
    return ModelSpecs.parse(config.toString(), PublishedConfig.read(config).yaml("m"));
  }

  private ModelSpec described(String fields) throws IOException {
    return described(file(fields));
  }

  private Path file(String fields) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{" + fields + ", " + REST + "}");
    return file;
  }

  /** Every model without one of its fields is described as before or refused, never as dense. */
  @ParameterizedTest
  @MethodSource("models")
  void neverMakesAnMoeModelDense(String name) throws IOException {
    ObjectNode config = (ObjectNode) JSON.readTree(CONFIGS.resolve(name + ".json").toFile());
    ModelSpec whole = described(CONFIGS.resolve(name + ".json"));
    for (String field : FieldNames.UNDERSTOOD) {
      ObjectNode without = config.deepCopy();
      ObjectNode part = without;
      for (String step : ConfigFields.LANGUAGE_PARTS) {
        while (part.path(step).isObject()) {
          part = (ObjectNode) part.get(step);
        }
      }
      if (part.remove(field) == null) {
        continue;
      }
      Path file = folder.resolve("without.json");
      JSON.writeValue(file.toFile(), without);
      try {
        ModelSpec model = described(file);
        assertThat(model.experts()).as("%s without %s", name, field).isEqualTo(whole.experts());
      } catch (InvalidInputException e) {
        assertThat(e).hasMessageStartingWith(file.toString()).hasMessageNotContaining("\n");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // An unknown family, by the field that is not understood.
        "\"num_moe_blocks\": 4|num_moe_blocks: 4 is not understood",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_pattern\": \"DMDM\""
            + "|moe_pattern: \"DMDM\" is not understood",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"zero_expert_num\": 4"
            + "|zero_expert_num: 4 is not understood",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_latent_size\": 32"
            + "|moe_latent_size: 32 is not understood",
        "\"enable_moe_block\": true|enable_moe_block: true is not understood",
        "\"router_config\": {\"num_experts\": 4}|router_config.num_experts: 4 is not understood",
        "\"block_configs\": [{\"ffn\": {\"moe\": {\"num_local_experts\": 4}}}]"
            + "|block_configs[0].ffn.moe.num_local_experts: 4 is not understood",
        "\"ffn_kinds\": [\"dense\", \"moe\"]|ffn_kinds: [\"dense\",\"moe\"] is not understood",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"is_encoder_decoder\": true"
            + "|is_encoder_decoder: true is not understood",
        // Experts without their number.
        "\"num_experts_per_tok\": 2|num_experts_per_tok: 2 belongs to a model with experts,"
            + " but no known field gives their number",
        "\"moe_intermediate_size\": 32|moe_intermediate_size: 32 belongs to a model with experts",
        "\"model_type\": \"mixtral\"|model_type: \"mixtral\" belongs to a model with experts",
        "\"architectures\": [\"NewMoeForCausalLM\"]|architectures: [\"NewMoeForCausalLM\"]"
            + " belongs to a model with experts",
        // Fields that contradict one another.
        "\"num_experts\": 8, \"num_local_experts\": 16, \"num_experts_per_tok\": 2"
            + "|num_local_experts: 16, but num_experts is 8. Only one of them can be right",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_intermediate_size\": 32, \"first_k_dense_replace\": 2,"
            + " \"mlp_layer_types\": [\"dense\",\"sparse\",\"sparse\",\"sparse\",\"sparse\",\"sparse\","
            + "\"sparse\",\"sparse\"]|mlp_layer_types: its layers with experts are not those of"
            + " first_k_dense_replace",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_intermediate_size\": 32, \"first_k_dense_replace\": 8"
            + "|first_k_dense_replace: no layer would have experts",
        // Values that are not understood.
        "\"num_experts\": [8, 16], \"num_experts_per_tok\": 2|num_experts: it differs between layers",
        "\"num_experts\": \"8\", \"num_experts_per_tok\": 2|num_experts: \"8\" is not understood",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"scoring_func\": \"tanh\""
            + "|scoring_func: \"tanh\" is not understood",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_intermediate_size\": 32, \"decoder_sparse_step\": 0"
            + "|decoder_sparse_step: 0 is not understood",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_layer_freq\": [0, 1]"
            + "|moe_layer_freq: 2 entries for 8 layers",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_layers_enum\": \"1,2,x\""
            + "|moe_layers_enum: \"1,2,x\" is not understood",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_layers\": [7, 8]"
            + "|moe_layers: layer 8 of 8. Layers count from 0",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"hybrid_override_pattern\": \"MEMEMEMX\""
            + "|hybrid_override_pattern: a layer of kind 'X' is not understood",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_every_n_layer\": 2"
            + "|moe_every_n_layer: it has no meaning without moe_layers_enum",
        "\"n_routed_experts\": 8, \"num_experts_per_tok\": 2"
            + "|moe_intermediate_size: the field is missing",
        "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"decoder_sparse_step\": 1"
            + "|moe_intermediate_size: the field is missing",
        "\"num_experts\": 8|num_experts_per_tok: the field is missing"
      })
  void namesTheFieldThatIsNotUnderstood(String fields, String message) throws IOException {
    Path file = file(fields);
    assertThatThrownBy(() -> PublishedConfig.read(file).yaml("m"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(file + ": " + message)
        .hasMessageNotContaining("\n");
  }

  /** Fields that do not affect the shape are no reason to refuse a file. */
  @Test
  void passesOverTrainingNumericsAndOtherParts() throws IOException {
    ModelSpec model =
        described(
            "\"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_intermediate_size\": 32,"
                + " \"router_aux_loss_coef\": 0.01, \"moe_capacity_factor\": 1.5,"
                + " \"expert_dtype\": \"fp4\", \"mlp_only_layers\": [], \"moe_latent_size\": null,"
                + " \"vision_config\": {\"num_experts\": 4}, \"mtp_layers_block_type\": [\"moe\"],"
                + " \"quantization_config\": {\"ignore\": [\"mlp.experts\"], \"moe_scheme\": \"x\"}");
    assertThat(model.moeLayers()).hasSize(8);
    assertThat(model.experts()).isEqualTo(8);
  }

  @Test
  void saysWhatItAssumes() throws IOException {
    String fields = "\"num_experts\": 8, \"num_experts_per_tok\": 2";
    assertThat(PublishedConfig.read(file(fields)).yaml("m"))
        .contains(
            """
            # how experts are chosen; config.json does not say the scoring, softmax is assumed
            router: {scoring: softmax, groups: 1, groups_used: 1}
            """);
  }

  @Test
  void readsTheContextThatGptOssStretches() {
    assertThat(described(CONFIGS.resolve("gpt-oss-original.json")).context()).isEqualTo(131_072);
  }

  /** An outer field is not the language model's, whatever its name. */
  @Test
  void doesNotTakeAnOuterFieldForRead() throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{\"num_experts\": 8, \"text_config\": {" + REST + "}}");
    assertThatThrownBy(() -> PublishedConfig.read(file).yaml("m"))
        .hasMessageStartingWith(file + ": num_experts: 8 is not understood");
  }
}
