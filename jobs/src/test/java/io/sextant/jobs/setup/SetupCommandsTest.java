package io.sextant.jobs.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Isolated("sets the JVM's configuration folder")
class SetupCommandsTest {
  @TempDir Path folder;

  /** The fields of the published files that give a model's shape, against conf/models. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "deepseek-v3|{\"architectures\":[\"DeepseekV3ForCausalLM\"],\"num_nextn_predict_layers\":1,"
            + "\"num_hidden_layers\":61,\"first_k_dense_replace\":3,\"moe_layer_freq\":1,"
            + "\"n_routed_experts\":256,\"num_experts_per_tok\":8,\"n_shared_experts\":1,"
            + "\"hidden_size\":7168,\"moe_intermediate_size\":2048,\"intermediate_size\":18432,"
            + "\"scoring_func\":\"sigmoid\",\"n_group\":8,\"topk_group\":4,\"kv_lora_rank\":512,"
            + "\"q_lora_rank\":1536,\"qk_nope_head_dim\":128,\"qk_rope_head_dim\":64,\"v_head_dim\":128,"
            + "\"quantization_config\":{\"quant_method\":\"fp8\",\"weight_block_size\":[128,128]},"
            + "\"num_attention_heads\":128,\"vocab_size\":129280,\"max_position_embeddings\":163840}",
        "qwen3-235b-a22b|{\"architectures\":[\"Qwen3MoeForCausalLM\"],"
            + "\"num_hidden_layers\":94,\"num_experts\":128,\"num_experts_per_tok\":8,"
            + "\"decoder_sparse_step\":1,\"mlp_only_layers\":[],\"hidden_size\":4096,"
            + "\"moe_intermediate_size\":1536,\"intermediate_size\":12288,\"head_dim\":128,"
            + "\"num_attention_heads\":64,\"num_key_value_heads\":4,\"vocab_size\":151936,"
            + "\"max_position_embeddings\":40960,\"torch_dtype\":\"bfloat16\"}",
        "mixtral-8x7b|{\"architectures\":[\"MixtralForCausalLM\"],"
            + "\"num_hidden_layers\":32,\"num_local_experts\":8,\"num_experts_per_tok\":2,"
            + "\"hidden_size\":4096,\"intermediate_size\":14336,\"num_attention_heads\":32,"
            + "\"num_key_value_heads\":8,\"vocab_size\":32000,\"max_position_embeddings\":32768,"
            + "\"torch_dtype\":\"bfloat16\"}",
        "llama3-8b|{\"num_hidden_layers\":32,\"hidden_size\":4096,\"intermediate_size\":14336,"
            + "\"num_attention_heads\":32,\"num_key_value_heads\":8,\"vocab_size\":128256,"
            + "\"max_position_embeddings\":131072,\"torch_dtype\":\"bfloat16\"}",
        "llama4-maverick|{\"architectures\":[\"Llama4ForConditionalGeneration\"],"
            + "\"text_config\":{\"model_type\":\"llama4_text\",\"num_hidden_layers\":48,"
            + "\"interleave_moe_layer_step\":2,\"num_local_experts\":128,\"num_experts_per_tok\":1,"
            + "\"hidden_size\":5120,\"intermediate_size\":8192,\"intermediate_size_mlp\":16384,"
            + "\"num_attention_heads\":40,\"num_key_value_heads\":8,\"head_dim\":128,"
            + "\"vocab_size\":202048,\"max_position_embeddings\":1048576},"
            + "\"torch_dtype\":\"bfloat16\"}"
      })
  void initWritesWhatConfHas(String model, String config) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, config);
    CommandRun run = init(model, file);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(ModelSpecs.load(folder.resolve("out/models/" + model + ".yaml").toString()))
        // config.json does not have what was published elsewhere.
        .usingRecursiveComparison()
        .ignoringFields("memory.packed", "memory.published", "memory.otherParameters")
        .isEqualTo(ModelSpecs.load(model));
    ClusterSpec cluster =
        ClusterSpecs.load(folder.resolve("out/clusters/2x8-h200.yaml").toString());
    assertThat(cluster.gpus()).isEqualTo(16);
    assertThat(cluster.gpuMemoryGigabytesPerSecond())
        .isEqualTo(ClusterSpecs.load("4x8-h200").gpuMemoryGigabytesPerSecond());
    assertThat(init(model, file).out()).contains("kept     ");
  }

  @Test
  void initKnowsASquaredRelu() throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(
        file,
        "{\"num_hidden_layers\": 32, \"hidden_size\": 6144, \"intermediate_size\": 24576,"
            + " \"vocab_size\": 256000, \"max_position_embeddings\": 4096,"
            + " \"num_attention_heads\": 48, \"num_key_value_heads\": 8,"
            + " \"hidden_act\": \"relu2\"}");
    CommandRun run = init("nemotron-4-15b", file);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(
            ModelSpecs.load(folder.resolve("out/models/nemotron-4-15b.yaml").toString())
                .denseActivation())
        .isEqualTo(ModelSpec.Activation.SQUARED_RELU);
  }

  private CommandRun init(String model, Path config) {
    return CommandRun.of(
        "init",
        "--model",
        model,
        "--config",
        config.toString(),
        "--nodes",
        "2",
        "--out",
        folder.resolve("out").toString());
  }

  /** A cluster that init writes has the measured tables of the same GPU. */
  @Test
  void initCarriesMeasuredTablesOver() throws IOException {
    ClusterSpec known = ClusterSpecs.load("4x8-h200");
    CommandRun run = initCluster("--nodes", "4", "--gpu", "h200");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "4x8-h200.yaml (with SEXTANT_CONF used instead of the built-in one of this name)");
    ClusterSpec written =
        ClusterSpecs.load(folder.resolve("out/clusters/4x8-h200.yaml").toString());
    assertThat(written.expertTimes()).hasSameSizeAs(known.expertTimes()).isNotEmpty();
    for (int i = 0; i < known.expertTimes().size(); i++) {
      assertThat(written.expertTimes().get(i).hidden())
          .isEqualTo(known.expertTimes().get(i).hidden());
      assertThat(written.expertTimes().get(i).micros())
          .isDeepEqualTo(known.expertTimes().get(i).micros());
    }
    assertThat(Files.readString(folder.resolve("out/clusters/4x8-h200.yaml")))
        .contains("# Microseconds for gate and up, SwiGLU and down on one H200");
  }

  @Test
  void initKnowsRacksAndTakesRatesOfOtherGpus() throws IOException {
    assertThat(initCluster("--nodes", "36", "--gpu", "GB200").exitCode()).isZero();
    ClusterSpec racks =
        ClusterSpecs.load(folder.resolve("out/clusters/36x4-gb200.yaml").toString());
    assertThat(racks.nodes()).isEqualTo(2);
    assertThat(racks.gpusPerNode()).isEqualTo(72);

    CommandRun unknown = initCluster("--nodes", "2", "--gpu", "H201");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.lastError())
        .isEqualTo(
            "sextant: --gpu H201: its rates are not known. Did you mean H200? Give --gpu-teraflops"
                + " --gpu-memory-gigabytes-per-second --intra-node-gigabytes-per-second"
                + " --inter-node-gigabytes-per-second, or one of B200, GB200, H100, H20, H200,"
                + " MI300X");
    CommandRun given =
        initCluster(
            ("--nodes 2 --gpu X1 --gpu-teraflops 100 --gpu-memory-gigabytes-per-second 1000"
                    + " --intra-node-gigabytes-per-second 50 --inter-node-gigabytes-per-second 25")
                .split(" "));
    assertThat(given.exitCode()).as(given.err()).isZero();
    assertThat(
            ClusterSpecs.load(folder.resolve("out/clusters/2x8-x1.yaml").toString()).gpuTeraflops())
        .isEqualTo(100);
  }

  private CommandRun initCluster(String... options) throws IOException {
    Path config = folder.resolve("config.json");
    Files.writeString(
        config,
        "{\"num_hidden_layers\": 4, \"hidden_size\": 64, \"intermediate_size\": 256,"
            + " \"vocab_size\": 1000, \"max_position_embeddings\": 2048,"
            + " \"num_attention_heads\": 4, \"num_key_value_heads\": 4}");
    List<String> arguments =
        new ArrayList<>(List.of("init", "--model", "tiny", "--config", config.toString()));
    arguments.addAll(List.of("--out", folder.resolve("out").toString()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(new String[0]));
  }

  @Test
  void doctorSaysWhatReplacesABuiltInDescription() throws IOException {
    Path own = Files.createDirectories(folder.resolve("conf/clusters"));
    String text = ClusterSpecs.text("4x8-h200");
    Files.writeString(
        own.resolve("4x8-h200.yaml"), text.substring(0, text.indexOf("# Microseconds for gate")));
    System.setProperty("sextant.conf", folder.resolve("conf").toString());
    try {
      assertThat(Descriptions.examine())
          .extracting(Finding::text)
          .anySatisfy(line -> assertThat(line).contains("1 from " + folder.resolve("conf")))
          .anySatisfy(
              line ->
                  assertThat(line)
                      .startsWith("note   conf         cluster 4x8-h200: ")
                      .contains("has no expert_times, which are known for H200"));
      System.setProperty("sextant.conf", folder.resolve("none").toString());
      assertThat(Descriptions.examine())
          .extracting(Finding::state)
          .containsExactly(Finding.State.WRONG);
    } finally {
      System.clearProperty("sextant.conf");
    }
  }

  @Test
  void whatInitCannotReadIsNamed() throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{\"num_experts\": 8}");
    assertThat(init("m", file).lastError())
        .isEqualTo(
            "sextant: "
                + file
                + ": num_hidden_layers: the field is missing. Write the model's description by hand;"
                + " take one in conf/models as an example");
    assertThat(init("m", folder.resolve("none.json")).exitCode()).isEqualTo(2);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  /** init must not leave a description that cannot be loaded. */
  @Test
  void aFailedInitLeavesNothingBehind() throws IOException {
    String rest =
        ", \"num_hidden_layers\": 4, \"hidden_size\": 64, \"intermediate_size\": 256,"
            + " \"vocab_size\": 1000, \"max_position_embeddings\": 2048}";
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{\"num_experts\": 8, \"num_experts_per_tok\": 9" + rest);
    assertThat(init("m", file).lastError())
        .isEqualTo(
            "sextant: " + file + ": top_k: 9 is out of range. Give a whole number from 1 to 8");
    assertThat(folder.resolve("out")).doesNotExist();
    Files.writeString(file, "{\"num_experts\": 8, \"num_experts_per_tok\": 2" + rest);
    CommandRun tooLarge =
        CommandRun.of(
            "init",
            "--model",
            "m",
            "--config",
            file.toString(),
            "--nodes",
            "1000000",
            "--out",
            folder.resolve("out").toString());
    assertThat(tooLarge.exitCode()).isEqualTo(2);
    assertThat(tooLarge.lastError()).startsWith("sextant: --nodes and --gpus-per-node: nodes: ");
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(init("m", file).exitCode()).isZero();
    assertThat(folder.resolve("out/models")).isDirectoryContaining("glob:**/m.yaml");
  }

  @Test
  void doctorFindsThisMachineFit() {
    CommandRun run = CommandRun.of("doctor");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .containsSubsequence("Java", "memory", "zstd", "temporary", "conf", "Spark", "GPU");
  }

  @Test
  void quietSaysNothingButResults() {
    assertThat(CommandRun.of("--quiet", "doctor").err()).doesNotContain("[  ");
  }

  @Test
  void doctorExaminesAnEnginesOptions() throws IOException {
    CommandRun run =
        CommandRun.of(
            "doctor",
            "--engine",
            "sglang",
            "--engine-version",
            "0.5.6",
            "--model",
            "deepseek-v3",
            "--slots",
            "288",
            "--cluster",
            "4x8-h200",
            "--flags",
            "--init-expert-location map.json --ep-size 32 --ep-num-redundant-experts 32");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out())
        .startsWith(
            """
            ok     slots        288 slots on 32 GPUs, 9 on each; 32 redundant experts
            ok     options      --init-expert-location FILE
            ok     options      --ep-size 32
            ok     options      --ep-num-redundant-experts 32
            wrong  all-to-all   redundant experts without an all-to-all backend: """)
        .contains("(https://github.com/sgl-project/sglang/pull/32962)")
        .endsWith(
            """

            options
            --init-expert-location expert_location.json --ep-size 32 --ep-num-redundant-experts 32\
             --moe-a2a-backend deepep
            """);
  }

  @Test
  void doctorAnswersProgramsToo() throws IOException {
    CommandRun run =
        CommandRun.of(
            "doctor",
            "--engine",
            "tensorrt-llm",
            "--model",
            "deepseek-v3",
            "--slots",
            "288",
            "--cluster",
            "4x8-h200",
            "--json",
            "--flags",
            "{\"moe_expert_parallel_size\": 32, \"enable_attention_dp\": true,"
                + " \"moe_config\": {\"load_balancer\": \"map.yaml\"}}");
    assertThat(run.exitCode()).as(run.out()).isZero();
    JsonNode root = new ObjectMapper().readTree(run.out());
    assertThat(root.get("fit").booleanValue()).isTrue();
    assertThat(root.get("engine").textValue()).isEqualTo("tensorrt-llm");
    assertThat(root.at("/checks/0/what").textValue()).isEqualTo("slots");
    assertThat(root.at("/checks/0/state").textValue()).isEqualTo("ok");
    assertThat(root.get("options").textValue()).startsWith("moe_expert_parallel_size: 32\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--engine|tgi||--engine tgi: there is no such engine. Give one of eplb, sglang,"
            + " tensorrt-llm, vllm, vllm-ascend",
        "--engine|vllm|--engine-version=main|--engine-version main: it cannot be compared with other"
            + " versions. Give the number of a release, such as 0.11.0 or 1.2.0rc1, or leave it out",
        "--engine|vllm|--slots=0|--slots 0: it must be positive. Give a positive number"
      })
  void whatDoctorCannotJudgeIsOneLine(String option, String value, String more, String message) {
    CommandRun run =
        more == null
            ? CommandRun.of("doctor", option, value)
            : CommandRun.of("doctor", option, value, more);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError()).isEqualTo("sextant: " + message);
  }

  @Test
  void doctorNeedsAnEngineForAnEnginesOptions() {
    assertThat(CommandRun.of("doctor", "--slots", "288").lastError())
        .isEqualTo("sextant: --slots: it needs an engine, and none is named. Add --engine NAME");
    CommandRun run = CommandRun.of("doctor", "--model", "deepseek-v3", "--cluster", "4x8-h200");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("Java", "deepseek-v3: 61 layers, 58 with 256 experts", "4x8-h200: 4 nodes of 8");
  }
}
