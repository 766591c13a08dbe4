package io.sextant.jobs.setup;

import io.sextant.jobs.modelconfig.PublishedConfig;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sextant init}. */
@Command(
    name = "init",
    description = "Writes a commented description of a model and of a cluster.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Writes DIR/models/MODEL.yaml from the model's config.json and DIR/clusters/CLUSTER.yaml;"
          + " existing files are kept. With SEXTANT_CONF=DIR every command looks there first.",
      "Example: sextant init --model my-moe --config config.json --nodes 4 --gpus-per-node 8"
          + " --gpu H200 --out my-conf"
    })
public final class InitCommand implements Callable<Integer> {
  /** BF16 TFLOP/s of large products and memory bandwidth in GB/s, as in conf/clusters. */
  private static final Map<String, double[]> GPUS =
      Map.of(
          "H100", new double[] {770, 3350},
          "H200", new double[] {770, 4290});

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "Name for the model.")
  private String model;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The model's published config.json.")
  private Path config;

  @Option(names = "--nodes", required = true, paramLabel = "N", description = "Number of machines.")
  private int nodes;

  @Option(
      names = "--gpus-per-node",
      defaultValue = "8",
      paramLabel = "N",
      description = "GPUs per machine (default ${DEFAULT-VALUE}).")
  private int gpusPerNode;

  @Option(
      names = "--gpu",
      defaultValue = "H200",
      paramLabel = "KIND",
      description = "Type of the GPUs, H100 or H200 (default ${DEFAULT-VALUE}).")
  private String gpu;

  @Option(
      names = "--out",
      defaultValue = "conf",
      paramLabel = "DIR",
      description = "Output folder (default ${DEFAULT-VALUE}).")
  private Path out;

  @Override
  public Integer call() throws IOException {
    ModelSpecs.requireName("--model", model);
    if (!GPUS.containsKey(gpu)) {
      throw InvalidInputException.of(
          "--gpu",
          gpu + " is not known",
          "Give one of %s, or write the cluster's description by hand; take conf/clusters/4x8-h200.yaml as an example"
              .formatted(new TreeSet<>(GPUS.keySet())));
    }
    if (nodes < 1 || gpusPerNode < 1) {
      throw InvalidInputException.of(
          "--nodes", "%d nodes of %d GPUs".formatted(nodes, gpusPerNode), "Give 1 or more of each");
    }
    Path modelFile = out.resolve("models").resolve(model + ".yaml");
    String cluster = "%dx%d-%s".formatted(nodes, gpusPerNode, gpu.toLowerCase(Locale.ROOT));
    Path clusterFile = out.resolve("clusters").resolve(cluster + ".yaml");
    // Everything is checked before the first file is written, so a failed init leaves nothing
    // behind.
    String modelYaml =
        existing(modelFile).orElseGet(() -> PublishedConfig.read(config).yaml(model));
    ModelSpecs.parse(shown(modelFile, config.toString()), modelYaml);
    String clusterYaml = existing(clusterFile).orElseGet(() -> clusterYaml(cluster));
    ClusterSpecs.parse(shown(clusterFile, "--nodes and --gpus-per-node"), clusterYaml);
    write(modelFile, modelYaml);
    write(clusterFile, clusterYaml);
    System.out.printf(
        "%nNext: SEXTANT_CONF=%s sextant ingest --input DIR --model %s --warehouse warehouse%n",
        out, model);
    return 0;
  }

  /** The content of a file that already exists, which is kept. */
  private static Optional<String> existing(Path file) {
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(),
          "cannot be read: " + e.getMessage(),
          "Remove it, and init writes a new one",
          e);
    }
  }

  /** The name for messages about a description: the file if it already exists. */
  private static String shown(Path file, String source) {
    return Files.exists(file) ? file.toString() : source;
  }

  /** Writes to a temporary file first, so that no command reads an incomplete description. */
  private static void write(Path file, String text) throws IOException {
    if (Files.exists(file)) {
      System.out.println("kept     " + file);
      return;
    }
    Files.createDirectories(file.getParent());
    Path aside = file.resolveSibling(file.getFileName() + ".writing");
    try {
      Files.writeString(aside, text);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
    System.out.println("written  " + file);
  }

  private String clusterYaml(String name) {
    double[] rates = GPUS.get(gpu);
    return """
        # Written by sextant init. Rates are measured values, not those of a data sheet. Measure your own if you can.
        name: %s
        # machines, connected by the slow links
        nodes: %d
        gpus_per_node: %d
        gpu: %s
        # BF16 TFLOP/s of large products
        gpu_teraflops: %.0f
        # a copy within the GPU's memory
        gpu_memory_gigabytes_per_second: %.0f
        # one way, per GPU, between two GPUs of a node (NVLink)
        intra_node_gigabytes_per_second: 391
        # one way, per node, all network ports together: eight ports of 400 Gb/s give 400
        inter_node_gigabytes_per_second: 400
        # node_cost: [[0, 1], [1, 0]]   a price for each pair of nodes, if links are unequal
        # gpu_speed: [1, 1, 0.5, ...]   a speed for each GPU, if GPUs are unequal
        # expert_times:                 the output of gpu-validate expert-times
        """
        .formatted(name, nodes, gpusPerNode, gpu, rates[0], rates[1]);
  }
}
