package io.sextant.jobs.mixin;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import io.sextant.schema.spec.ServingProfile;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the cluster that is planned for or scored on, and for how it is served. */
public final class ClusterOptions {
  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "NAME",
      description = "A cluster in conf/clusters, or the path of such a file.")
  private String cluster;

  @Mixin private ServingOptions serving;
  @Mixin private PackagingOption packaging;

  /** Reads the cluster only, for checks of maps. */
  public ClusterSpec cluster() {
    return ClusterSpecs.load(cluster);
  }

  /** The packaging of a model's weights. */
  public Packaging packaging(ModelSpec model) {
    return packaging.of(model);
  }

  /**
   * The target that the options describe.
   *
   * @param slots physical slots of a layer, over all GPUs
   * @throws InvalidInputException if the cluster cannot be read, the slots do not fit it or the
   *     model, or a number is out of range
   */
  public PlanTarget target(ModelSpec model, int slots, Pool pool) {
    return target(model, slots, pool, serving.profile());
  }

  /** Whether {@code --serving all} asks for every profile of {@code conf/serving}. */
  public boolean everyProfile() {
    return serving.isAll();
  }

  /** As {@link #target}, for each of the profiles to compare. */
  public List<PlanTarget> targets(ModelSpec model, int slots, Pool pool) {
    return serving.profiles().stream().map(profile -> target(model, slots, pool, profile)).toList();
  }

  private PlanTarget target(ModelSpec model, int slots, Pool pool, ServingProfile profile) {
    ClusterSpec spec = cluster();
    SlotLayout layout = PlanTarget.layout(model, spec, slots);
    // Replaced when the traces have been read, which say how many ranks there are.
    SourceNodes sources = SourceNodes.of(spec, 0);
    return new PlanTarget(model, spec, layout, sources, profile, pool, packaging.of(model));
  }
}
