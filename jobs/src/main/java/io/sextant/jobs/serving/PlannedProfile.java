package io.sextant.jobs.serving;

import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.spec.ServingProfiles;
import java.util.Optional;

/**
 * Compares the profile that a map was planned for with the one under which it is used. Copies are
 * worth less under another rule than the one that they were placed for.
 *
 * @param plannedFor the profile that the map's file names
 */
public record PlannedProfile(PlannedFor plannedFor) {

  /**
   * A warning, in one sentence and its remedy, if the engine usually chooses copies by another
   * rule. The usual rule is that of the profile with the engine's name; EPLB's arrays have none.
   */
  public Optional<String> warningFor(EngineFormat format) {
    if (!ServingProfiles.names().contains(format.id())) {
      return Optional.empty();
    }
    ServingProfile usual = ServingProfiles.load(format.id());
    if (usual.copyRule() == plannedFor.copyRule()) {
      return Optional.empty();
    }
    if (plannedFor.copyRule() == null) {
      return Optional.of(
          "the map was planned for no serving profile, as baselines and plans from counts are, but %s usually chooses copies by %s. Plan from traces with solve --serving %s"
              .formatted(format.engine(), usual.copyRule().id(), usual.name()));
    }
    return Optional.of(
        "the plan was made for serving profile %s (copy rule %s), but %s usually chooses copies by %s. %s"
            .formatted(
                plannedFor.serving(),
                plannedFor.copyRule().id(),
                format.engine(),
                usual.copyRule().id(),
                remedy(usual)));
  }

  private String remedy(ServingProfile usual) {
    String again = "Plan again with solve --serving " + usual.name();
    boolean sameEngine =
        ServingProfiles.names().contains(plannedFor.serving())
            && ServingProfiles.load(plannedFor.serving()).engine().equals(usual.engine());
    return sameEngine
        ? "%s, or start the engine as conf/serving/%s.yaml says"
            .formatted(again, plannedFor.serving())
        : again;
  }

  /**
   * A line that says so if the map is scored under another profile.
   *
   * @param map name of the map
   */
  public Optional<String> lineIfScoredUnder(String map, ServingProfile scored) {
    if (plannedFor.serving().equals(scored.name())) {
      return Optional.empty();
    }
    return Optional.of(
        "%s was planned for %s and is scored under %s (%s)%n"
            .formatted(
                map,
                plannedFor.copyRule() == null
                    ? "no serving profile"
                    : "serving profile %s (copy rule %s)"
                        .formatted(plannedFor.serving(), plannedFor.copyRule().id()),
                scored.name(),
                scored.copyRule().id()));
  }
}
