package io.sextant.jobs.refresh;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sextant.jobs.analyze.AnalyzeJob;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.ingest.IngestJob;
import io.sextant.jobs.ingest.IngestSummary;
import io.sextant.jobs.ingest.MapInForce;
import io.sextant.jobs.plan.Backtest;
import io.sextant.jobs.plan.DecisionJson;
import io.sextant.jobs.plan.PlanningPipeline;
import io.sextant.jobs.publish.HistoryCommand;
import io.sextant.jobs.publish.PublishedVersions;
import io.sextant.jobs.publish.WarehouseLock;
import io.sextant.jobs.report.ReportJob;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.Verdict;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * A night's work. Each stage finishes or takes back what an earlier run left behind when it died,
 * and nothing but the last step of publishing changes which map is in force.
 */
final class RefreshJob {
  private static final String METRICS_FILE = "metrics.json";
  private static final String MOVES_FILE = "moves.json";
  private static final String REPORT_FILE = "report.html";

  private final SparkSession spark;
  private final RefreshSettings settings;
  private final PublishedVersions versions;
  private final WarehouseLock lock;
  private final Night night;
  private final Progress progress;
  private final Consumer<String> text;

  /**
   * @param text takes what a person is to read of the night's results
   */
  RefreshJob(
      SparkSession spark,
      RefreshSettings settings,
      PublishedVersions versions,
      WarehouseLock lock,
      Night night,
      Progress progress,
      Consumer<String> text) {
    this.spark = spark;
    this.settings = settings;
    this.versions = versions;
    this.lock = lock;
    this.night = night;
    this.progress = progress;
    this.text = text;
  }

  void run() throws Exception {
    versions.sweep();
    night.formerVersion(versions.inForce().orElse(null));
    PlacementMap current = current();
    night.ingested(night.timed("ingest", this::ingest));
    List<LocalDate> present = TraceDays.present(settings.warehouse(), settings.model().name());
    Optional<TraceDays> days = TraceDays.choose(present, settings.asOf(), settings.windowDays());
    if (days.isEmpty()) {
      night.decided(
          Verdict.INSUFFICIENT_EVIDENCE,
          TraceDays.tooFew(present, settings.asOf(), settings.windowDays()));
      keepNight();
      return;
    }
    night.days(days.get());
    TraceWindow planOn = window(days.get().planFrom().toString(), days.get().planTo().toString());
    String scored = days.get().scored().toString();
    TraceWindow scoreOn = window(scored, scored);
    night.timed(
        "analyze",
        () -> {
          TraceWindow all = window(days.get().planFrom().toString(), scored);
          return new AnalyzeJob(spark, settings.model(), all, night.runId(), progress).run();
        });
    Backtest backtest = settings.backtest();
    night.planned(
        night.timed(
            "solve",
            () -> backtest.plan(spark, planOn, scoreOn, current, settings.maxMovedBytes())));
    night.scored(
        night.timed(
            "backtest", () -> backtest.score(spark, scoreOn, night.planned(), night.runId())));
    Decision decision = night.scored().decision();
    night.decided(decision.verdict(), decision.reason());
    text.accept(night.scored().text());
    if (decision.verdict() == Verdict.PUBLISH) {
      publish();
    } else {
      keepNight();
    }
  }

  private PlacementMap current() throws IOException {
    if (night.formerVersion() == null) {
      return null;
    }
    versions.requireWhole(night.formerVersion());
    if (settings.firstMap()) {
      return null;
    }
    String where = versions.folder(night.formerVersion()) + "/" + PlanningPipeline.PLACEMENT_FILE;
    byte[] json =
        versions
            .read(night.formerVersion(), PlanningPipeline.PLACEMENT_FILE)
            .orElseThrow(
                () ->
                    InvalidInputException.of(
                        where, "it is missing", "Roll back with sextant rollback"));
    PlacementMap map = PlacementMaps.read(where, new ByteArrayInputStream(json), settings.model());
    settings.backtest().requireFits(where, map);
    return map;
  }

  private IngestSummary ingest() throws IOException {
    List<InputFile> found = InputFile.find(settings.inputs());
    if (found.isEmpty()) {
      text.accept(
          "there are no files in %s: no new traffic; going on with what the warehouse has%n"
              .formatted(String.join(" ", settings.inputs())));
    }
    FormatChoice format =
        MapInForce.beside(FormatChoice.DETECTED, settings.warehouse(), settings.model());
    IngestSummary summary =
        new IngestJob(spark, settings.model(), settings.warehouse(), night.runId(), progress)
            .runOn(found, format);
    text.accept(summary.text());
    return summary;
  }

  private TraceWindow window(String from, String to) {
    return new TraceWindow(settings.warehouse(), settings.model().name(), from, to);
  }

  private void publish() throws Exception {
    String version = night.runId();
    PlacementMap map = night.planned().placement();
    String where = "the plan";
    SortedMap<String, byte[]> files =
        new TreeMap<>(
            EngineMaps.of(
                settings.engines(), where, map, settings.model(), settings.cluster().gpus()));
    String placement = PlacementMaps.toJson(map);
    files.put(PlanningPipeline.PLACEMENT_FILE, placement.getBytes(UTF_8));
    files.put(METRICS_FILE, night.scored().metricsJson().getBytes(UTF_8));
    Backtest.movesJson(night.planned())
        .ifPresent(moves -> files.put(MOVES_FILE, moves.getBytes(UTF_8)));
    String decision = new NightFiles(settings, night).decisionJson(version);
    files.put(HistoryCommand.DECISION_FILE, decision.getBytes(UTF_8));
    byte[] report = night.timed("report", () -> report(placement));
    files.put(REPORT_FILE, report);
    night.timed(
        "publish",
        () -> {
          versions.publish(version, files, settings.keep(), Instant.now(), lock);
          return version;
        });
    night.published(version);
    versions.sweep();
    beside(decision, report);
    say(version);
  }

  private void keepNight() throws Exception {
    String decision = new NightFiles(settings, night).decisionJson(null);
    versions.keepNight(night.runId(), decision.getBytes(UTF_8), settings.keep());
    byte[] report = null;
    if (night.scored() != null) {
      PlacementMap inForce = night.planned().current();
      report =
          night.timed(
              "report", () -> report(inForce == null ? null : PlacementMaps.toJson(inForce)));
    }
    beside(decision, report);
    say(night.formerVersion());
  }

  /** The last run's files, which no version carries when it published nothing. */
  private void beside(String decision, byte[] report) throws IOException {
    versions.replaceBeside(HistoryCommand.DECISION_FILE, decision.getBytes(UTF_8));
    if (report != null) {
      versions.replaceBeside(REPORT_FILE, report);
    }
  }

  private void say(String inForce) {
    text.accept(
        "decision  %s: %s%nin force  %s%n"
            .formatted(
                DecisionJson.word(night.verdict()),
                night.reason(),
                inForce == null ? "no map" : inForce + "  " + versions.folder(inForce)));
  }

  /**
   * @param placement the map that is in force after this night, as JSON; null for none
   */
  private byte[] report(String placement) throws IOException {
    Path folder = Files.createTempDirectory("sextant-report");
    Path page = folder.resolve(REPORT_FILE);
    Path map = folder.resolve(PlanningPipeline.PLACEMENT_FILE);
    try {
      if (placement != null) {
        Files.writeString(map, placement);
      }
      new ReportJob(
              spark,
              settings.warehouse(),
              settings.model(),
              placement == null ? Optional.empty() : Optional.of(map))
          .write(page);
      return Files.readAllBytes(page);
    } finally {
      for (Path path : List.of(page, map, folder)) {
        Files.deleteIfExists(path);
      }
    }
  }
}
