package io.sextant.jobs.setup;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.NearestName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options for the GPU of a new cluster: a known kind, or rates that the user gives. */
final class GpuOptions {
  /** The kinds of GPU that need no rates, as candidates of the option. */
  static final class Known implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return ClusterTemplate.gpus().iterator();
    }
  }

  @Option(
      names = "--gpu",
      defaultValue = "H200",
      paramLabel = "KIND",
      completionCandidates = Known.class,
      description =
          "Kind of the GPUs (default ${DEFAULT-VALUE}). Known: ${COMPLETION-CANDIDATES}; for another"
              + " kind, give the four rates.")
  private String gpu;

  @Option(
      names = "--gpu-teraflops",
      paramLabel = "T",
      description = "BF16 TFLOP/s, without sparsity, of large products on a GPU.")
  private Double teraflops;

  @Option(
      names = "--gpu-memory-gigabytes-per-second",
      paramLabel = "R",
      description = "Memory bandwidth of a GPU.")
  private Double memory;

  @Option(
      names = "--intra-node-gigabytes-per-second",
      paramLabel = "R",
      description = "Rate between GPUs of a node, one way, per GPU.")
  private Double intraNode;

  @Option(
      names = "--inter-node-gigabytes-per-second",
      paramLabel = "R",
      description =
          "Rate between nodes, one way, per node, all ports together: eight ports of 400 Gb/s give"
              + " 400.")
  private Double interNode;

  /** The kind, spelled as the known one if it is known. */
  String kind() {
    return template().map(template -> template.spec().gpu()).orElse(gpu);
  }

  Optional<ClusterTemplate> template() {
    return ClusterTemplate.of(gpu);
  }

  /**
   * The lines of the description for the rates, each with its source.
   *
   * @throws InvalidInputException if the kind is not known and a rate is missing, or a rate is not
   *     above 0
   */
  String lines() {
    Optional<ClusterTemplate> known = template();
    StringBuilder lines = new StringBuilder();
    List<String> missing = new ArrayList<>();
    options()
        .forEach(
            (field, value) -> {
              String option = "--" + field.replace('_', '-');
              if (value.isPresent()) {
                require(option, value.get(), value.get() > 0, "above 0");
                lines.append(
                    String.format(
                        Locale.ROOT, "# Given with %s.%n%s: %s%n", option, field, value.get()));
              } else if (known.isPresent()) {
                lines.append(known.get().field(field));
              } else {
                missing.add(option);
              }
            });
    if (!missing.isEmpty()) {
      List<String> gpus = ClusterTemplate.gpus();
      throw InvalidInputException.of(
          "--gpu " + gpu,
          "its rates are not known",
          "%sGive %s, or one of %s"
              .formatted(
                  NearestName.remedy(gpu, gpus),
                  String.join(" ", missing),
                  String.join(", ", gpus)));
    }
    return lines.toString();
  }

  private Map<String, Optional<Double>> options() {
    Map<String, Optional<Double>> options = new LinkedHashMap<>();
    options.put("gpu_teraflops", Optional.ofNullable(teraflops));
    options.put("gpu_memory_gigabytes_per_second", Optional.ofNullable(memory));
    options.put("intra_node_gigabytes_per_second", Optional.ofNullable(intraNode));
    options.put("inter_node_gigabytes_per_second", Optional.ofNullable(interNode));
    return options;
  }
}
