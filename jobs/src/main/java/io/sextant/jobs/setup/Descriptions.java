package io.sextant.jobs.setup;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.DescriptionFile;
import io.sextant.schema.spec.DescriptionFile.Origin;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.ServingProfiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks the descriptions of models, clusters and serving profiles, and says where they are. */
final class Descriptions {
  private static final String WHAT = "conf";

  private Descriptions() {}

  /**
   * One finding for all descriptions together, and one for each of the user's that replaces a
   * built-in one.
   */
  static List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    try {
      List<DescriptionFile> models = ModelSpecs.names().stream().map(ModelSpecs::file).toList();
      List<DescriptionFile> clusters =
          ClusterSpecs.names().stream().map(ClusterSpecs::file).toList();
      List<DescriptionFile> profiles =
          ServingProfiles.names().stream().map(ServingProfiles::file).toList();
      ModelSpecs.names().forEach(ModelSpecs::load);
      ClusterSpecs.names().forEach(ClusterSpecs::load);
      ServingProfiles.names().forEach(ServingProfiles::load);
      List<DescriptionFile> all =
          Stream.of(models, clusters, profiles).flatMap(List::stream).toList();
      findings.add(
          Finding.ok(
              WHAT,
              "%d models, %d clusters, %d serving profiles; %s"
                  .formatted(models.size(), clusters.size(), profiles.size(), origins(all))));
      all.stream()
          .filter(file -> file.origin() == Origin.REPLACES_BUILT_IN)
          .forEach(file -> findings.add(replacing(file)));
    } catch (InvalidInputException e) {
      findings.add(Finding.wrong(WHAT, e.getMessage(), ""));
    }
    return findings;
  }

  /** The folders of the user's descriptions, and the number of built-in ones. */
  private static String origins(List<DescriptionFile> all) {
    TreeSet<String> folders =
        all.stream()
            .filter(file -> file.origin() != Origin.BUILT_IN)
            .map(file -> Path.of(file.path()).toAbsolutePath().normalize().getParent().getParent())
            .map(Path::toString)
            .collect(Collectors.toCollection(TreeSet::new));
    long builtIn = all.stream().filter(file -> file.origin() == Origin.BUILT_IN).count();
    return folders.isEmpty()
        ? "all built in"
        : "%d from %s, %d built in"
            .formatted(all.size() - builtIn, String.join(" and ", folders), builtIn);
  }

  private static Finding replacing(DescriptionFile file) {
    if (file.kind().equals("cluster")) {
      ClusterSpec own = ClusterSpecs.load(file.name());
      if (own.expertTimes().isEmpty() && ClusterTemplate.measured(own.gpu()).isPresent()) {
        return Finding.note(
            WHAT,
            file.text() + " and has no expert_times, which are known for " + own.gpu(),
            "Copy them from the built-in description, or remove this one and run init again");
      }
    }
    return Finding.note(WHAT, file.text(), "Nothing to do if that is meant");
  }
}
