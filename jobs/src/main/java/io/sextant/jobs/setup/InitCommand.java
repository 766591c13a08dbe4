package io.sextant.jobs.setup;

import io.sextant.jobs.modelconfig.PublishedConfig;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CompleteFile;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "A known GPU brings its published or measured rates and its measured times of experts.",
      "Example: sextant init --model my-moe --config config.json --nodes 4 --gpus-per-node 8"
          + " --gpu H200 --out my-conf"
    })
public final class InitCommand implements Callable<Integer> {
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
      paramLabel = "N",
      description = "GPUs per machine (default: that of a known cluster of this GPU, else 8).")
  private Integer givenGpusPerNode;

  @Option(
      names = "--nodes-per-domain",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Machines whose GPUs are joined by the fast links: 18 for GB200 NVL72 (default: that of a"
              + " known cluster of this GPU if it divides --nodes, else 1).")
  private int nodesPerDomain;

  @Mixin private GpuOptions gpu;

  @Option(
      names = "--out",
      defaultValue = "conf",
      paramLabel = "DIR",
      description = "Output folder (default ${DEFAULT-VALUE}).")
  private Path out;

  @Override
  public Integer call() throws IOException {
    ModelSpecs.requireName("--model", model);
    int gpusPerNode = gpusPerNode();
    if (nodes < 1 || gpusPerNode < 1) {
      throw InvalidInputException.of(
          "--nodes", "%d nodes of %d GPUs".formatted(nodes, gpusPerNode), "Give 1 or more of each");
    }
    if (!Files.isReadable(config)) {
      throw InvalidInputException.of(
          config.toString(),
          Files.exists(config) ? "permission denied" : "there is no such file",
          "Name the model's config.json");
    }
    Path modelFile = out.resolve("models").resolve(model + ".yaml");
    String cluster = "%dx%d-%s".formatted(nodes, gpusPerNode, gpu.kind().toLowerCase(Locale.ROOT));
    Path clusterFile = out.resolve("clusters").resolve(cluster + ".yaml");
    // Everything is checked before the first file is written, so a failed init leaves nothing
    // behind.
    String modelYaml =
        existing(modelFile).orElseGet(() -> PublishedConfig.read(config).yaml(model));
    ModelSpecs.parse(shown(modelFile, config.toString()), modelYaml);
    String clusterYaml = existing(clusterFile).orElseGet(() -> clusterYaml(cluster));
    ClusterSpecs.parse(shown(clusterFile, "--nodes and --gpus-per-node"), clusterYaml);
    write(modelFile, modelYaml, ModelSpecs.isBuiltIn(model));
    write(clusterFile, clusterYaml, ClusterSpecs.isBuiltIn(cluster));
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

  /** Writes a description, unless there is one. */
  private static void write(Path file, String text, boolean builtIn) throws IOException {
    String used =
        builtIn ? " (with SEXTANT_CONF used instead of the built-in one of this name)" : "";
    if (Files.exists(file)) {
      System.out.println("kept     " + file + used);
      return;
    }
    Files.createDirectories(file.getParent());
    CompleteFile.write(file, text);
    System.out.println("written  " + file + used);
  }

  private String clusterYaml(String name) {
    int domain = domain();
    return """
        # Written by sextant init. Correct the rates if you have measured your own.
        name: %s
        # machines
        nodes: %d
        gpus_per_node: %d
        """
            .formatted(name, nodes, gpusPerNode())
        + (domain == 1
            ? ""
            : """
            # machines whose GPUs are joined by the fast links; "node" in plans and reports is such a domain
            nodes_per_domain: %d
            """
                .formatted(domain))
        + "gpu: %s%n".formatted(gpu.kind())
        + gpu.lines()
        + """
        # source_nodes: [0, 0, 1, 1]    the node of each data-parallel rank, if ranks are not GPUs
        # node_cost: [[0, 1], [1, 0]]   a price for each pair of nodes, if links are unequal
        # gpu_speed: [1, 1, 0.5, ...]   a speed for each GPU, if GPUs are unequal
        """
        + gpu.template()
            .map(ClusterTemplate::tables)
            .filter(tables -> !tables.isEmpty())
            .orElse("# expert_times:                 the output of gpu-validate expert-times\n");
  }

  private int gpusPerNode() {
    return givenGpusPerNode != null
        ? givenGpusPerNode
        : gpu.template()
            .map(ClusterTemplate::spec)
            .map(spec -> spec.gpusPerNode() / spec.machinesPerNode())
            .orElse(8);
  }

  private int domain() {
    if (nodesPerDomain > 0) {
      return nodesPerDomain;
    }
    int known = gpu.template().map(template -> template.spec().machinesPerNode()).orElse(1);
    return nodes % known == 0 ? known : 1;
  }
}
