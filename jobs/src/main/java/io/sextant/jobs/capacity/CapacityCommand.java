package io.sextant.jobs.capacity;

import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.mixin.MemoryOptions;
import io.sextant.jobs.mixin.PackagingOption;
import io.sextant.jobs.serving.GpuGroup;
import io.sextant.jobs.serving.MemoryTerms;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.Packaging;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant capacity}. */
@Command(
    name = "capacity",
    description =
        "Says what a GPU holds, which numbers of slots fit, and how much KV cache each leaves.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "If nothing fits, the smallest cluster that does is named. Needs no traces.",
      "Example: sextant capacity --model deepseek-v3 --cluster 4x8-h200 --context 32768"
          + " --sequences 256"
    })
public final class CapacityCommand implements Callable<Integer> {
  @Mixin private PackagingOption packaging;
  @Mixin private MemoryOptions memory;
  @Mixin private JsonOption json;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "A model in conf/models, or the path of such a file.")
  private String model;

  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "NAME",
      description = "A cluster in conf/clusters, or the path of such a file.")
  private String cluster;

  @Option(
      names = "--gpus",
      paramLabel = "N",
      description = "Take only N GPUs of the cluster's kind: some of one node, or whole nodes.")
  private Integer gpus;

  @Override
  public Integer call() {
    ModelSpec spec = ModelSpecs.load(model);
    ClusterSpec all = ClusterSpecs.load(cluster);
    Packaging held = packaging.of(spec);
    MemoryTerms terms = memory.terms(spec);
    CapacityReport report =
        new CapacityJob(spec, held, terms).run(gpus == null ? GpuGroup.of(all) : part(all));
    json.print(report.text(), report::json);
    return 0;
  }

  /** Some GPUs of one node, or whole nodes, of a cluster's kind. */
  private GpuGroup part(ClusterSpec all) {
    boolean oneNode = gpus <= all.gpusPerNode();
    if (gpus < 1 || (!oneNode && gpus % all.gpusPerNode() != 0)) {
      throw InvalidInputException.of(
          "--gpus " + gpus,
          "it is neither a part of a node of %d GPUs nor whole nodes".formatted(all.gpusPerNode()),
          "Give 1 to %d, or a multiple of %d".formatted(all.gpusPerNode(), all.gpusPerNode()));
    }
    return new GpuGroup("%d x %s".formatted(gpus, all.gpu()), all.gpu(), gpus, all.gpusPerNode());
  }
}
