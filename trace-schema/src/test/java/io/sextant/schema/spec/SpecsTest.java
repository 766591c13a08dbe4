package io.sextant.schema.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelMemory.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecsTest {
  @TempDir Path folder;

  /** The rows of the table of published shapes. */
  @ParameterizedTest
  @CsvSource({
    "deepseek-v3, 61, 58, 256, 8, 1, 7168, 2048, 18432, 129280, 163840",
    "deepseek-v2-lite, 27, 26, 64, 6, 2, 2048, 1408, 10944, 102400, 163840",
    "kimi-k2, 61, 60, 384, 8, 1, 7168, 2048, 18432, 163840, 131072",
    "qwen3-235b-a22b, 94, 94, 128, 8, 0, 4096, 1536, 0, 151936, 40960",
    "gpt-oss-120b, 36, 36, 128, 4, 0, 2880, 2880, 0, 201088, 131072",
    "gpt-oss-20b, 24, 24, 32, 4, 0, 2880, 2880, 0, 201088, 131072",
    "llama4-maverick, 48, 24, 128, 1, 1, 5120, 8192, 16384, 202048, 1048576",
    "llama4-scout, 48, 48, 16, 1, 1, 5120, 8192, 0, 202048, 10485760",
    "mixtral-8x7b, 32, 32, 8, 2, 0, 4096, 14336, 0, 32000, 32768",
    "olmoe, 16, 16, 64, 8, 0, 2048, 1024, 0, 50304, 4096",
    "sextant-128x8, 12, 6, 128, 8, 0, 512, 192, 2048, 16384, 2048",
    "llama3-8b, 32, 0, 0, 0, 0, 4096, 0, 14336, 128256, 131072",
    "llama3-70b, 80, 0, 0, 0, 0, 8192, 0, 28672, 128256, 131072",
    "llama3-405b, 126, 0, 0, 0, 0, 16384, 0, 53248, 128256, 131072",
  })
  void knowsTheModel(
      String name,
      int layers,
      int moeLayers,
      int experts,
      int topK,
      int shared,
      int hidden,
      int expertIntermediate,
      int denseIntermediate,
      int vocabulary,
      int context) {
    ModelSpec model = ModelSpecs.load(name);
    assertThat(model.name()).isEqualTo(name);
    assertThat(model.layers()).isEqualTo(layers);
    assertThat(model.moeLayers()).hasSize(moeLayers);
    assertThat(model.experts()).isEqualTo(experts);
    assertThat(model.topK()).isEqualTo(topK);
    assertThat(model.sharedExperts()).isEqualTo(shared);
    assertThat(model.hidden()).isEqualTo(hidden);
    assertThat(model.expertIntermediate()).isEqualTo(expertIntermediate);
    assertThat(model.denseIntermediate()).isEqualTo(denseIntermediate);
    assertThat(model.vocabulary()).isEqualTo(vocabulary);
    assertThat(model.context()).isEqualTo(context);
    assertThat(ModelSpecs.names()).hasSize(22).contains(name);
  }

  @Test
  void moeLayersAndRouterAreAsPublished() {
    assertThat(ModelSpecs.load("sextant-128x8").moeLayers()).containsExactly(1, 3, 5, 7, 9, 11);
    assertThat(ModelSpecs.load("sextant-128x8").denseActivation())
        .isEqualTo(ModelSpec.Activation.SQUARED_RELU);
    assertThat(ModelSpecs.load("llama3-8b").denseActivation())
        .isEqualTo(ModelSpec.Activation.SWIGLU);
    assertThat(ModelSpecs.load("deepseek-v3").moeLayers()).startsWith(3, 4).endsWith(60);
    assertThat(ModelSpecs.load("deepseek-v3").router())
        .isEqualTo(new ModelSpec.Router("sigmoid", 8, 4));
    assertThat(ModelSpecs.load("llama4-maverick").moeLayers()).startsWith(1, 3).endsWith(47);
    assertThat(ModelSpecs.load("deepseek-v3").mtpLayerIds()).containsExactly(61);
    assertThat(ModelSpecs.load("deepseek-v3").modelClass()).isEqualTo("DeepseekV3ForCausalLM");
    assertThat(ModelSpecs.load("kimi-k2").mtpLayerIds()).isEmpty();
    assertThat(ModelSpecs.load("sextant-128x8").modelClass()).isNull();
    assertThat(ModelSpecs.load("llama3-8b").router()).isNull();
    assertThat(ModelSpecs.load("llama3-8b").attention())
        .isEqualTo(new ModelSpec.Attention(32, 8, 128));
    // One DeepSeek-V3 expert is 44 MB in FP8.
    assertThat(ModelSpecs.load("deepseek-v3").expertWeights()).isEqualTo(44_040_192L);
  }

  @Test
  void attentionAndPublishedFiguresAreRead() {
    ModelSpec maverick = ModelSpecs.load("llama4-maverick");
    assertThat(maverick.memory().attention().window()).isEqualTo(8192);
    assertThat(maverick.memory().attention().fullLayers()).startsWith(3, 7).hasSize(12);
    assertThat(maverick.memory().isPacked(Packagings.load("fp8"), Part.ROUTED)).isTrue();
    assertThat(maverick.memory().isPacked(Packagings.load("fp8"), Part.SHARED)).isFalse();
    assertThat(maverick.memory().isPacked(Packagings.load("nvfp4"), Part.SHARED)).isTrue();
    assertThat(maverick.memory().isPacked(Packagings.load("nvfp4"), Part.EMBEDDINGS)).isFalse();
    assertThat(ModelSpecs.load("deepseek-v3.2").memory().attention().indexer())
        .isEqualTo(new AttentionLayers.Indexer(64, 128));
    assertThat(ModelSpecs.load("llama4-scout").memory().published().limits())
        .contains(new ModelMemory.Limit("together", 327_680));
    assertThat(GpuMemories.bytes("H200")).hasValue(150.75e9);
    assertThat(GpuMemories.bytes("TPU")).isEmpty();
  }

  @Test
  void knowsTheClusters() {
    assertThat(ClusterSpecs.names())
        .containsExactly(
            "2x8-h20",
            "4x8-b200",
            "4x8-h100",
            "4x8-h200",
            "4x8-mi300x",
            "8x8-h100",
            "8x8-h200",
            "gb200-nvl72");
    for (String name : List.of("4x8-h100", "4x8-h200", "8x8-h100", "8x8-h200")) {
      ClusterSpec cluster = ClusterSpecs.load(name);
      assertThat(cluster.name()).isEqualTo(name);
      assertThat(name)
          .isEqualTo(
              "%dx%d-%s"
                  .formatted(
                      cluster.nodes(),
                      cluster.gpusPerNode(),
                      cluster.gpu().toLowerCase(Locale.ROOT)));
      assertThat(cluster.intraNodeGigabytesPerSecond()).isEqualTo(391);
      assertThat(cluster.interNodeGigabytesPerSecond()).isEqualTo(400);
    }
  }

  /** Against the figures of the vendors' and operators' pages that the files name. */
  @ParameterizedTest
  @CsvSource({
    "2x8-h20, 2, 8, 148, 4000, 450, 200",
    "4x8-b200, 4, 8, 2250, 8000, 900, 400",
    "4x8-mi300x, 4, 8, 1307.4, 5300, 448, 400",
    "gb200-nvl72, 1, 72, 2500, 8000, 900, 3600",
  })
  void describedHardwareHasPublishedRatesAndNoMeasuredTimes(
      String name,
      int nodes,
      int gpusPerNode,
      double teraflops,
      double memory,
      double intraNode,
      double interNode) {
    ClusterSpec cluster = ClusterSpecs.load(name);
    assertThat(cluster.nodes()).isEqualTo(nodes);
    assertThat(cluster.gpusPerNode()).isEqualTo(gpusPerNode);
    assertThat(cluster.gpuTeraflops()).isEqualTo(teraflops);
    assertThat(cluster.gpuMemoryGigabytesPerSecond()).isEqualTo(memory);
    assertThat(cluster.intraNodeGigabytesPerSecond()).isEqualTo(intraNode);
    assertThat(cluster.interNodeGigabytesPerSecond()).isEqualTo(interNode);
    assertThat(cluster.expertTimes()).isEmpty();
    assertThat(ClusterSpecs.text(name)).contains("https://").contains("not available");
  }

  @Test
  void aDomainOverMachinesIsOneNode() {
    assertThat(ClusterSpecs.load("gb200-nvl72").shape())
        .isEqualTo("1 node of 72 GB200 (a node is one domain of fast links over 18 machines of 4)");
    String twoRacks = ClusterSpecs.text("gb200-nvl72").replace("nodes: 18", "nodes: 36");
    ClusterSpec cluster = ClusterSpecs.parse("two", twoRacks);
    assertThat(cluster.nodes()).isEqualTo(2);
    assertThat(cluster.gpus()).isEqualTo(144);
    assertThat(message(() -> ClusterSpecs.parse("x", twoRacks.replace("nodes: 36", "nodes: 20"))))
        .isEqualTo(
            "x: nodes_per_domain: 20 nodes are not a whole number of domains of 18. Give a number"
                + " that divides nodes");
  }

  @Test
  void saysWhichFileADescriptionComesFrom() throws Exception {
    Path own = Files.createDirectories(folder.resolve("clusters"));
    String text = ClusterSpecs.text("4x8-h200");
    Files.writeString(own.resolve("4x8-h200.yaml"), text.replace("4.29 TB/s", "4.3 TB/s"));
    Files.writeString(own.resolve("4x8-h100.yaml"), ClusterSpecs.text("4x8-h100"));
    System.setProperty("sextant.conf", folder.toString());
    try {
      assertThat(ClusterSpecs.file("4x8-h200").text())
          .isEqualTo(
              "cluster 4x8-h200: %s (replaces the built-in one of this name)"
                  .formatted(own.resolve("4x8-h200.yaml")));
      assertThat(ClusterSpecs.file("4x8-h100").origin()).isEqualTo(DescriptionFile.Origin.OWN);
      assertThat(ClusterSpecs.file("8x8-h200").text())
          .isEqualTo("cluster 8x8-h200: conf/clusters/8x8-h200.yaml (built in)");
    } finally {
      System.clearProperty("sextant.conf");
    }
  }

  @Test
  void aConfigurationFolderThatIsNotThereIsAnError() {
    System.setProperty("sextant.conf", folder.resolve("none").toString());
    try {
      assertThat(message(() -> ModelSpecs.load("sextant-128x8")))
          .isEqualTo(
              "sextant.conf=%s: there is no such folder. Name a folder with models, clusters or"
                      .formatted(folder.resolve("none"))
                  + " serving in it, or unset it");
    } finally {
      System.clearProperty("sextant.conf");
    }
  }

  @Test
  void aMistypedNameIsGuessed() {
    assertThat(message(() -> ClusterSpecs.load("4x8-h2000")))
        .contains("there is no such cluster. Did you mean 4x8-h200? Name one of ");
    assertThat(message(() -> ServingProfiles.load("sglagn")))
        .contains("there is no such serving profile. Did you mean sglang? Name one of ");
  }

  @Test
  void unknownNamesListTheKnownOnes() {
    assertThat(message(() -> ModelSpecs.load("gpt-5")))
        .isEqualTo(
            "model 'gpt-5': there is no such model. Name one of "
                + String.join(", ", ModelSpecs.names())
                + ", or a file that ends in .yaml");
    assertThat(message(() -> ClusterSpecs.load("../clusters/4x8-h100")))
        .startsWith(
            "cluster '../clusters/4x8-h100': there is no such cluster. Name one of 2x8-h20,");
    assertThat(message(() -> ModelSpecs.load(folder + "/none.yaml")))
        .startsWith(folder + "/none.yaml: there is no such file. Name a file, or one of deepseek");
  }

  @Test
  void ownFolderComesFirst() throws Exception {
    Files.createDirectories(folder.resolve("models"));
    Files.writeString(
        folder.resolve("models/tiny.yaml"),
        yaml().replace("sextant-128x8", "tiny").replace("{first: 1, step: 2}", "[1, 3, 11]"));
    System.setProperty("sextant.conf", folder.toString());
    try {
      assertThat(ModelSpecs.load("tiny").moeLayers()).isEqualTo(List.of(1, 3, 11));
      assertThat(ModelSpecs.names()).contains("tiny", "sextant-128x8");
      assertThat(ModelSpecs.load("sextant-128x8").experts()).isEqualTo(128);
    } finally {
      System.clearProperty("sextant.conf");
    }
  }

  @Test
  void wrongFieldsAreNamed() throws Exception {
    assertThat(fault(y -> y.replace("hidden: 512\n", "")))
        .isEqualTo("hidden: the field is missing. Add a line 'hidden: ...'");
    assertThat(fault(y -> y.replace("hidden: 512", "hidden: wide")))
        .isEqualTo("hidden: \"wide\" is not a whole number. Give a whole number");
    assertThat(fault(y -> y.replace("hidden: 512", "hidden: 0")))
        .isEqualTo("hidden: 0 is out of range. Give a whole number of at least 1");
    assertThat(fault(y -> y.replace("top_k: 8", "top_k: 129")))
        .isEqualTo("top_k: 129 is out of range. Give a whole number from 1 to 128");
    assertThat(fault(y -> y.replace("experts: 128", "experts: 40000")))
        .isEqualTo("experts: 40000 is out of range. Give a whole number from 1 to 32767");
    assertThat(fault(y -> y.replace("{first: 1, step: 2}", "[1, 12]")))
        .isEqualTo("moe_layers: 12 is out of range. Give a whole number from 0 to 11");
    assertThat(fault(y -> y.replace("{first: 1, step: 2}", "[3, 1]")))
        .isEqualTo("moe_layers: layer 1 follows layer 3. List each layer once, in ascending order");
    assertThat(fault(y -> y.replace("{first: 1, step: 2}", "{first: 12, step: 2}")))
        .isEqualTo("moe_layers.first: 12 is out of range. Give a whole number from 0 to 11");
    assertThat(fault(y -> y.replace("{first: 1, step: 2}", "odd")))
        .isEqualTo("moe_layers: \"odd\" is not a list. Write it as '[1, 2, ...]'");
    assertThat(fault(y -> y.replace("{first: 1, step: 2}", "[]")))
        .isEqualTo("experts: 128 is out of range. Only 0 is possible here");
    assertThat(fault(y -> y.replace("softmax", "hash")))
        .isEqualTo(
            "router.scoring: \"hash\" is not known. Use one of sigmoid, softmax, sqrtsoftplus");
    assertThat(fault(y -> y.replace("groups: 1,", "groups: 3,")))
        .isEqualTo("router.groups: 3 does not divide 128 experts. Give a divisor of it");
    assertThat(fault(y -> y.replace("groups_used: 1", "groups_used: 2")))
        .isEqualTo("router.groups_used: 2 is out of range. Only 1 is possible here");
    assertThat(fault(y -> y.replace("squared-relu", "gelu")))
        .isEqualTo("dense_activation: \"gelu\" is not known. Use one of squared-relu, swiglu");
    assertThat(fault(y -> y.replace("name: sextant-128x8", "name: a/b")))
        .isEqualTo(
            "name: \"a/b\" is not a name. Use letters, digits, '.', '_' and '-' (a number in quotes)");
    assertThat(fault(y -> y + "hiden: 4\n"))
        .startsWith(
            "hiden: the field is unknown. Did you mean hidden? Remove it or use one of attention,"
                + " attention_window,");
    assertThat(fault(y -> y + "mtp_layers: -1\n"))
        .isEqualTo("mtp_layers: -1 is out of range. Give a whole number from 0 to 10000");
    assertThat(fault(y -> y + "model_class: 7\n")).startsWith("model_class: 7 is not a name. ");
    assertThat(fault(y -> y + "packed: {fp8: [norms]}\n"))
        .isEqualTo(
            "packed.fp8: \"norms\" is not known. Use one of attention, dense, embeddings, routed,"
                + " router, shared");
    assertThat(fault(y -> y + "packed: {fp8: [attention]}\n"))
        .isEqualTo(
            "packed.fp8: routed experts are not in it. Add routed; plans move experts in this"
                + " packaging");
    assertThat(fault(y -> y + "tied_embeddings: 1\n"))
        .isEqualTo("tied_embeddings: 1 is not true or false. Write true or false");
    assertThat(fault(y -> y + "hidden: 4\n"))
        .startsWith(
            "line %d: not YAML: Duplicate field 'hidden'".formatted(yaml().lines().count() + 1));
    assertThat(fault(y -> "- 1\n"))
        .isEqualTo("not a list of 'field: value' lines. Use a file of conf as a template");
    assertThat(fault(y -> "")).contains("not a list of 'field: value' lines");
  }

  @Test
  void wrongClusterFieldsAreNamed() throws Exception {
    Path file = folder.resolve("c.yaml");
    Files.writeString(
        file,
        """
        name: c
        nodes: 2
        gpus_per_node: 8
        gpu: H200
        gpu_teraflops: 770
        gpu_memory_gigabytes_per_second: 4290
        intra_node_gigabytes_per_second: fast
        inter_node_gigabytes_per_second: 400
        """);
    assertThat(message(() -> ClusterSpecs.load(file.toString())))
        .isEqualTo(
            file
                + ": intra_node_gigabytes_per_second: \"fast\" is not a number above 0. Give a"
                + " number up to 1000000");
  }

  @Test
  void measuredExpertTimesAreChecked() throws Exception {
    ExpertTimeTable table = ClusterSpecs.load("4x8-h200").expertTimes().get(0);
    assertThat(table.micros()).hasDimensions(table.experts().length, table.rows().length);
    String times =
        """
        expert_times:
          - hidden: 7168
            expert_intermediate: 2048
            precision: bf16
            rows: [16, 64]
            experts: [1, 2]
            micros: [[50, 60], [70, 80]]
        """;
    assertThat(with(times).expertTimes().get(0).micros()[1]).containsExactly(70, 80);
    String file = folder.resolve("c.yaml") + ": expert_times[0].";
    assertThat(message(() -> with(times.replace("[16, 64]", "[64, 16]"))))
        .isEqualTo(file + "rows: 16 follows 64. List them in ascending order");
    assertThat(message(() -> with(times.replace("[70, 80]", "[70]"))))
        .isEqualTo(
            file
                + "micros[1]: [70] is not a list of 2 numbers. Give one number for each of the"
                + " columns");
    assertThat(message(() -> with(times.replace("bf16", "fp4"))))
        .isEqualTo(file + "precision: \"fp4\" is not known. Use one of bf16, e4m3");
  }

  @Test
  void pricesBetweenNodesAreChecked() throws Exception {
    assertThat(withCosts("[[0, 1.5], [4, 0]]").nodeCost())
        .contains(List.of(List.of(0.0, 1.5), List.of(4.0, 0.0)));
    assertThat(ClusterSpecs.load("4x8-h100").nodeCost()).isEmpty();
    String file = folder.resolve("c.yaml") + ": node_cost";
    assertThat(message(() -> withCosts("[[0, 1]]")))
        .isEqualTo(
            file
                + ": [[0,1]] is not a list of 2 rows. Write a row '[0, 1, ...]' for each of the"
                + " nodes");
    assertThat(message(() -> withCosts("[[0, 1], [4]]")))
        .isEqualTo(
            file + "[1]: [4] is not a list of 2 numbers. Give one number for each of the nodes");
    assertThat(message(() -> withCosts("[[0, -1], [4, 0]]")))
        .isEqualTo(file + "[0][1]: -1 is not a number from 0. Give a number up to 1000000");
    assertThat(message(() -> withCosts("[[0, .inf], [4, 0]]")))
        .isEqualTo(
            folder.resolve("c.yaml")
                + ": line 9: not YAML: Malformed numeric value '.inf'. Correct the file");
    assertThat(message(() -> withCosts("[[0, 1], [4, 2]]")))
        .isEqualTo(file + "[1][1]: 2 is a price for staying on a node. Put 0 on the diagonal");
  }

  private ClusterSpec withCosts(String matrix) {
    return with("node_cost: " + matrix + "\n");
  }

  /** Two nodes, plus the given fields. */
  private ClusterSpec with(String fields) {
    try {
      Path file = folder.resolve("c.yaml");
      Files.writeString(
          file,
          """
          name: c
          nodes: 2
          gpus_per_node: 8
          gpu: H200
          gpu_teraflops: 770
          gpu_memory_gigabytes_per_second: 4290
          intra_node_gigabytes_per_second: 391
          inter_node_gigabytes_per_second: 400
          """
              + fields);
      return ClusterSpecs.load(file.toString());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The message about a changed sextant-128x8.yaml, without the file's name. */
  private String fault(UnaryOperator<String> change) throws Exception {
    Path file = folder.resolve("changed.yaml");
    Files.writeString(file, change.apply(yaml()));
    String message = message(() -> ModelSpecs.load(file.toString()));
    assertThat(message).startsWith(file + ": ");
    return message.substring(file.toString().length() + 2);
  }

  private static String yaml() throws Exception {
    return Files.readString(
        Path.of(System.getProperty("sextant.root"), "conf/models/sextant-128x8.yaml"));
  }

  private static String message(Runnable load) {
    return catchThrowableOfType(InvalidInputException.class, load::run).getMessage();
  }
}
