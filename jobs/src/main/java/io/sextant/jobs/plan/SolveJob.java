package io.sextant.jobs.plan;

import io.sextant.jobs.decide.DecisionJson;
import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.group.GroupOrder;
import io.sextant.jobs.group.Grouped;
import io.sextant.jobs.group.GroupedPlanNote;
import io.sextant.jobs.migrate.Migration;
import io.sextant.jobs.migrate.MigrationText;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreTable;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.throughput.Throughput;
import io.sextant.jobs.throughput.ThroughputTable;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.decision.Decision;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlanId;
import io.sextant.schema.spec.RouterKnowledge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Plans on one window of the warehouse, scores linear, greedy and Sextant on another, and stores
 * plans and scores as files for engines and people and as rows for analysts.
 */
public record SolveJob(PlanRun run, SolveOrder order) {

  /**
   * @param out folder for the files; nothing is written there before the plan is scored
   */
  public Solved run(Path out) throws IOException {
    run.announce("on " + run.target().cluster().name());
    Optional<Dataset<Row>> counts = countsAlone();
    if (counts.isPresent()) {
      requireNothingThatNeedsTraces();
      return new LoadOnlyPlan(run, order.settings().seed()).run(counts.get(), new PlanFolder(out));
    }
    Optional<GroupOrder> group = order.group().map(run::known);
    PlanningSample sample = run.sample();
    Candidate candidate = run.candidate(sample, order.plan());
    if (order.unevenLayers()) {
      run.progress().say("slots by layer: %s", slotsByLayer(candidate));
    }
    Optional<Grouped> grouped = group.map(run::group);
    RequestRoutes routes = grouped.map(run::routes).orElseGet(RequestRoutes::new);
    List<Plan> kept = kept(candidate, grouped);
    List<Plan> plans = withFront(kept, candidate);
    Scored all = run.score(candidate.planned(), plans, routes, candidate.movedBytes(plans));
    candidate.migration().ifPresent(from -> kept.add(from.inForce()));
    Scored shown = all.only(kept);
    PlanFolder folder = new PlanFolder(out);
    folder.write(candidate, all.table().json(run.target().model().moeLayers()), all.ids());
    KeepStage keep = run.keep(shown);
    keep.plans(candidate.moves());
    if (grouped.isPresent()) {
      folder.group(grouped.get(), candidate.placement(), all.ids());
      keep.routes(routes);
    }
    PlanId id = shown.id(grouped.isPresent() ? Plan.GROUPED : Plan.SEXTANT);
    Optional<Decision> decision =
        candidate.migration().flatMap(from -> decision(from, all.scores(), keep));
    Optional<ThroughputTable> throughput =
        order
            .rest()
            .map(rest -> new ThroughputTable(new Throughput(run.target(), rest), shown.scores()));
    return new Solved(
        new ScoreTable(shown.scores()).text()
            + throughput.map(ThroughputTable::text).orElseGet(ThroughputTable::unavailable)
            + candidate.migration().map(from -> front(from, all.scores())).orElse("")
            + grouped.map(of -> router(of) + note(all.scores())).orElse("")
            + decision.map(d -> DecisionJson.line(d, run.target().profile())).orElse("")
            + candidate.planned().days().line()
            + "placement  %s%nplan id    %s%n".formatted(folder.placement(), id),
        all.table().plans(run.target().model().moeLayers()),
        decision,
        Optional.of(candidate.planned().days()),
        throughput,
        new Solved.Written(folder.placement(), id));
  }

  /** The counts that engines recorded, if the window has nothing else. */
  private Optional<Dataset<Row>> countsAlone() {
    TraceWindow window = run.windows().planOn();
    return window.hasTraces() ? Optional.empty() : window.loadCounts(run.spark());
  }

  private void requireNothingThatNeedsTraces() {
    Optional<String> option =
        order
            .optionThatNeedsTraces()
            .or(() -> Optional.of("--pool").filter(pool -> run.target().pool() != Pool.BOTH));
    if (option.isPresent()) {
      throw InvalidInputException.of(
          "traces of " + run.windows().planOn().describe(),
          "they only count tokens of each expert, and %s needs each token's experts"
              .formatted(option.get()),
          "Leave the option out to balance load only, or ingest traces of requests");
    }
  }

  private static List<Integer> slotsByLayer(Candidate candidate) {
    return Arrays.stream(candidate.placement().physicalToLogical()).map(row -> row.length).toList();
  }

  /** The plans that are stored as rows and printed. */
  private List<Plan> kept(Candidate candidate, Optional<Grouped> grouped) {
    PlanTarget target = run.target();
    List<Plan> kept = new ArrayList<>();
    kept.add(Plan.of(Plan.LINEAR, target.linear()));
    kept.add(Plan.of(Plan.GREEDY, candidate.planned().greedy()));
    kept.add(Plan.of(Plan.SEXTANT, candidate.placement()));
    grouped.ifPresent(of -> kept.add(Plan.of(Plan.GROUPED, of.map()).withRoutes()));
    return kept;
  }

  /**
   * All plans, including those of the front, which are only in metrics.json and in a table of their
   * own.
   */
  private static List<Plan> withFront(List<Plan> kept, Candidate candidate) {
    List<Plan> plans = new ArrayList<>(kept);
    candidate.migration().ifPresent(from -> plans.addAll(from.front()));
    return plans;
  }

  /**
   * The default rule's decision on the plan, stored as a row; empty if the times cannot be
   * compared.
   */
  private Optional<Decision> decision(Migration from, PlanScores scores, KeepStage keep) {
    Plan inForce = from.inForce();
    if (scores.series(inForce.name()).isEmpty()) {
      return Optional.empty();
    }
    Decision decision =
        run.decide(DecisionTerms.NIGHTLY)
            .against(inForce, scores, Plan.of(Plan.SEXTANT, from.chosen()));
    keep.decision("solve", inForce.name(), decision);
    return Optional.of(decision);
  }

  private static String front(Migration from, PlanScores scores) {
    return new MigrationText(from).of(scores);
  }

  private String router(Grouped grouped) {
    RouterKnowledge knows = grouped.router().table().knows();
    return "the router of the plan %s knows: %s%s%n"
        .formatted(
            Plan.GROUPED,
            knows.id(),
            knows == RouterKnowledge.PREFILL && run.target().pool() != Pool.DECODE
                ? ". It is known only after prefill, so the scores are bounds. Plan a decode pool"
                    + " with --pool decode"
                : "");
  }

  private String note(PlanScores scores) {
    return GroupedPlanNote.line(
        run.target().shape().transport(),
        scores.metrics(Plan.GROUPED),
        scores.metrics(Plan.SEXTANT),
        PlanFolder.UNGROUPED_FILE);
  }
}
