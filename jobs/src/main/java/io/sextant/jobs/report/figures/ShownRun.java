package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.Section;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlanId;
import io.sextant.schema.placement.PlanOrigin;
import io.sextant.schema.table.PlanTables;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The run whose plans the page shows, and the plan among them that it describes.
 *
 * @param runId id of the run
 * @param plan name of the plan in the run
 * @param packaging packaging that the run planned for; empty if the record of the run has to say it
 */
public record ShownRun(String runId, String plan, Optional<String> packaging) {
  private static final List<String> MADE_BY_THE_RUN = List.of("grouped", TrafficFigures.SEXTANT);

  /** The start of the note if no run scored the map. */
  public static final String NO_SCORES = "the warehouse has no scores of ";

  private ShownRun(String runId, String plan) {
    this(runId, plan, Optional.empty());
  }

  /** A plan that a run scored. */
  record ScoredPlan(String planId, String plan, String runId, String day) {
    private boolean made() {
      return MADE_BY_THE_RUN.contains(plan);
    }
  }

  /**
   * The map that the page describes.
   *
   * @param file the map's file name
   * @param origin the plan that the file names; empty if it names none
   */
  public record DescribedMap(String file, PlacementMap map, Optional<PlanOrigin> origin) {

    /** The plan's id; empty if the file names none, or the map was edited since it was written. */
    public Optional<PlanId> id() {
      return origin.map(PlanOrigin::id).filter(id -> id.isOf(map));
    }

    private Predicate<ScoredPlan> isIt() {
      String start = id().map(PlanId::value).orElse(PlanId.mapPart(map) + "-");
      return scored -> scored.planId() != null && scored.planId().startsWith(start);
    }

    private String notFound() {
      return NO_SCORES
          + "%s (plan %s); solve and refresh write them when they make the plan"
              .formatted(file, id().map(PlanId::value).orElse(PlanId.mapPart(map)));
    }
  }

  /** The plans of a run that is known, as a nightly run's, which is recorded after its report. */
  public static Section<ShownRun> ofRun(String runId, String packaging) {
    return Section.of(new ShownRun(runId, TrafficFigures.SEXTANT, Optional.of(packaging)));
  }

  /**
   * The last run that made this map; if none did, the last that scored it.
   *
   * @return missing, with the reason, if no run scored the map
   */
  public static Section<ShownRun> ofMap(WarehouseTables tables, DescribedMap map) {
    Section<List<ScoredPlan>> found = plans(tables);
    if (!found.available()) {
      return Section.missing(found.note());
    }
    return found.value().stream()
        .filter(map.isIt())
        .max(Comparator.comparing(ScoredPlan::made).thenComparing(newest()))
        .map(
            scored ->
                Section.of(
                    new ShownRun(
                        scored.runId(),
                        scored.plan().equals(TrafficFigures.CURRENT)
                            ? TrafficFigures.SEXTANT
                            : scored.plan())))
        .orElseGet(() -> Section.missing(map.notFound()));
  }

  /** The last run over the last day that was scored. */
  public static Section<ShownRun> last(WarehouseTables tables) {
    return plans(tables)
        .map(plans -> plans.stream().max(newest()).orElseThrow())
        .map(scored -> new ShownRun(scored.runId(), TrafficFigures.SEXTANT));
  }

  private static Comparator<ScoredPlan> newest() {
    return Comparator.comparing(ScoredPlan::day).thenComparing(ScoredPlan::runId);
  }

  private static Section<List<ScoredPlan>> plans(WarehouseTables tables) {
    return tables.collect(
        PlanTables.PLACEMENT_METRICS,
        "solve",
        ScoredPlan.class,
        rows -> rows.select("plan_id", "plan", "run_id", "day").distinct());
  }
}
