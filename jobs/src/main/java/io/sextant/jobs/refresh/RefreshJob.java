package io.sextant.jobs.refresh;

import io.sextant.jobs.analyze.AnalyzeJob;
import io.sextant.jobs.day.TracedDays;
import io.sextant.jobs.ingest.IngestJob;
import io.sextant.jobs.ingest.IngestSummary;
import io.sextant.jobs.ingest.MapInForce;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.jobs.plan.Backtest;
import io.sextant.jobs.plan.PlanFolder;
import io.sextant.jobs.plan.PlanRun;
import io.sextant.jobs.plan.Scored;
import io.sextant.jobs.publish.PublishedVersions;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.window.Evidence;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.Verdict;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A night's work. Each stage finishes or undoes the incomplete work of an earlier run that died,
 * and only the last step of publishing changes which map is in force.
 */
final class RefreshJob {
  private final NightContext context;
  private final RefreshSettings settings;
  private final Night night;
  private final WarehouseLock lock;
  private final PublishedVersions versions;
  private final NightPublication publication;

  RefreshJob(NightContext context, PublishedVersions versions, WarehouseLock lock) {
    this.context = context;
    this.settings = context.settings();
    this.night = context.night();
    this.lock = lock;
    this.versions = versions;
    this.publication = new NightPublication(context, versions, lock);
  }

  void run() throws Exception {
    versions.sweep();
    night.formerVersion(versions.inForce().orElse(null));
    Optional<CurrentMap> current = current();
    night.ingested(night.timed("ingest", this::ingest));
    List<LocalDate> present =
        TracedDays.of(settings.warehouse(), settings.model().name(), null, null).stream()
            .map(LocalDate::parse)
            .toList();
    Optional<TraceDays> days =
        TraceDays.choose(present, settings.days().asOf(), settings.days().windowDays());
    if (days.isEmpty()) {
      night.decided(
          Verdict.INSUFFICIENT_EVIDENCE,
          TraceDays.tooFew(present, settings.days().asOf(), settings.days().windowDays()));
      publication.keepNight();
      return;
    }
    night.days(days.get());
    night.timed("analyze", () -> analyze(days.get()));
    Backtest backtest = new Backtest(planRun(days.get()), settings.planning().terms());
    Optional<String> tooFew = tooFewTokens(days.get());
    if (tooFew.isPresent()) {
      Scored scored = night.timed("backtest", () -> backtest.scoreInForce(current));
      context.text().accept(scored.table().text());
      night.decided(Verdict.INSUFFICIENT_EVIDENCE, tooFew.get());
      publication.keepNight();
      return;
    }
    night.planned(night.timed("solve", () -> backtest.plan(settings.planning().solver(), current)));
    night.scored(night.timed("backtest", () -> backtest.score(night.planned())));
    Decision decision = night.scored().decision();
    night.decided(decision.verdict(), decision.reason());
    context.text().accept(night.scored().scored().table().text());
    if (decision.verdict() == Verdict.PUBLISH) {
      publication.publish();
    } else {
      publication.keepNight();
    }
  }

  /** The map to plan from; empty if there is none or it must be ignored. */
  private Optional<CurrentMap> current() throws IOException {
    if (night.formerVersion() == null) {
      return Optional.empty();
    }
    versions.requireWhole(night.formerVersion());
    if (settings.planning().firstMap()) {
      return Optional.empty();
    }
    String where = versions.folder(night.formerVersion()) + "/" + PlanFolder.PLACEMENT_FILE;
    byte[] json =
        versions
            .read(night.formerVersion(), PlanFolder.PLACEMENT_FILE)
            .orElseThrow(
                () ->
                    InvalidInputException.of(
                        where, "it is missing", "Roll back with sextant rollback"));
    PlacementMap map = PlacementMaps.read(where, new ByteArrayInputStream(json), settings.model());
    CurrentMap.requireFits(where, map, settings.target(), "start again with --first-map");
    return Optional.of(
        CurrentMap.of(map, settings.planning().limit())
            .belongingTo(PlacementMaps.origin(where, json), map));
  }

  private IngestSummary ingest() throws IOException {
    List<InputFile> found = InputFile.find(settings.input().paths());
    if (found.isEmpty()) {
      context
          .text()
          .accept(
              "there are no files in %s: no new traffic; going on with what the warehouse has%n"
                  .formatted(String.join(" ", settings.input().paths())));
    }
    FormatChoice format =
        MapInForce.beside(FormatChoice.DETECTED, settings.warehouse(), settings.model());
    IngestSummary summary =
        new IngestJob(
                context.spark(),
                settings.model(),
                settings.warehouse(),
                night.runId(),
                context.progress())
            .keepTokenIds(settings.input().tokenIds())
            .under(lock)
            .runOn(found, format);
    context.text().accept(summary.text());
    if (summary.nothingUsable()) {
      System.err.println(
          "sextant: %s: %s; the decision is made on earlier traces. See the quarantine table in %s"
              .formatted(
                  String.join(" ", settings.input().paths()),
                  summary.whyNothing(),
                  settings.warehouse()));
    }
    return summary;
  }

  /** Why no decision is possible on the scored day; empty if there are enough tokens for one. */
  private Optional<String> tooFewTokens(TraceDays days) throws IOException {
    int batch = settings.target().shape().microBatchTokens();
    int needed = settings.planning().terms().rule().minimumMicroBatches();
    long tokens = Evidence.tokens(window(days.scored(), days.scored()), settings.model());
    return tokens / batch >= needed
        ? Optional.empty()
        : Optional.of(
            "%s has %,d tokens per layer, %,d micro-batches of %,d; a decision needs %,d (%,d tokens). Record more, or serve and plan with smaller batches (--micro-batch %,d or less)."
                .formatted(
                    days.scored(),
                    tokens,
                    tokens / batch,
                    batch,
                    needed,
                    (long) needed * batch,
                    Math.max(1, tokens / needed)));
  }

  private Object analyze(TraceDays days) throws Exception {
    TraceWindow all = window(days.planFrom(), days.scored());
    return new AnalyzeJob(context.spark(), settings.model(), all, night.runId(), context.progress())
        .under(lock)
        .run();
  }

  private PlanRun planRun(TraceDays days) {
    PlanWindows windows =
        new PlanWindows(
            window(days.planFrom(), days.planTo()), window(days.scored(), days.scored()), false);
    return PlanRun.reading(
        context.spark(), settings.target(), windows, night.runId(), context.progress());
  }

  private TraceWindow window(LocalDate from, LocalDate to) {
    return new TraceWindow(
        settings.warehouse(), settings.model().name(), from.toString(), to.toString());
  }
}
