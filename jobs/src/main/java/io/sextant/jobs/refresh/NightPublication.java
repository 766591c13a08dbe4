package io.sextant.jobs.refresh;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sextant.jobs.decide.DecisionJson;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.plan.PlanFolder;
import io.sextant.jobs.publish.HistoryCommand;
import io.sextant.jobs.publish.PublishedVersions;
import io.sextant.jobs.report.ReportJob;
import io.sextant.jobs.score.Plan;
import io.sextant.placement.migration.MovesFile;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlannedFor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Ends a night: publishes the plan with its files, or keeps the map in force and states the reason.
 */
final class NightPublication {
  private static final String REPORT_FILE = "report.html";

  private final NightContext context;
  private final RefreshSettings settings;
  private final Night night;
  private final PublishedVersions versions;
  private final WarehouseLock lock;

  NightPublication(NightContext context, PublishedVersions versions, WarehouseLock lock) {
    this.context = context;
    this.settings = context.settings();
    this.night = context.night();
    this.versions = versions;
    this.lock = lock;
  }

  void publish() throws Exception {
    String version = night.runId();
    PlacementMap map = night.planned().placement();
    SortedMap<String, byte[]> files =
        new TreeMap<>(
            EngineMaps.of(
                settings.publishing().engines(),
                "the plan",
                map,
                settings.model(),
                settings.target().cluster().gpus()));
    String placement =
        PlacementMaps.toJson(
            map, PlannedFor.of(settings.target().profile()), night.scored().origin(Plan.SEXTANT));
    files.put(PlanFolder.PLACEMENT_FILE, placement.getBytes(UTF_8));
    String metrics = night.scored().scored().table().json(settings.model().moeLayers());
    files.put(PlanFolder.METRICS_FILE, metrics.getBytes(UTF_8));
    night
        .planned()
        .moves()
        .ifPresent(
            moves -> files.put(PlanFolder.MOVES_FILE, MovesFile.toJson(moves).getBytes(UTF_8)));
    String decision = new DecisionFile(settings, night).text(version);
    files.put(HistoryCommand.DECISION_FILE, decision.getBytes(UTF_8));
    byte[] report = night.timed("report", () -> report(Optional.of(placement)));
    files.put(REPORT_FILE, report);
    night.timed(
        "publish",
        () -> {
          versions.publish(version, files, settings.publishing().keep(), Instant.now(), lock);
          return version;
        });
    night.published(version);
    versions.sweep();
    beside(decision, report);
    say(version);
  }

  void keepNight() throws Exception {
    String decision = new DecisionFile(settings, night).text(null);
    versions.nights().keep(night.runId(), decision.getBytes(UTF_8), settings.publishing().keep());
    byte[] report = null;
    if (night.scored() != null) {
      report =
          night.timed("report", () -> report(night.planned().inForce().map(PlacementMaps::toJson)));
    }
    beside(decision, report);
    say(night.formerVersion());
  }

  /** The files of the last run, which belong to no version if it published nothing. */
  private void beside(String decision, byte[] report) throws IOException {
    versions.replaceBeside(HistoryCommand.DECISION_FILE, decision.getBytes(UTF_8));
    if (report != null) {
      versions.replaceBeside(REPORT_FILE, report);
    }
  }

  private void say(String inForce) {
    context
        .text()
        .accept(
            "decision  %s: %s Serving profile: %s.%nin force  %s%n"
                .formatted(
                    DecisionJson.word(night.verdict()),
                    night.reason(),
                    settings.target().profile().name(),
                    inForce == null ? "no map" : inForce + "  " + versions.folder(inForce)));
  }

  /**
   * @param placement the map that is in force after this night, as JSON
   */
  private byte[] report(Optional<String> placement) throws IOException {
    Path folder = Files.createTempDirectory("sextant-report");
    Path page = folder.resolve(REPORT_FILE);
    Path map = folder.resolve(PlanFolder.PLACEMENT_FILE);
    try {
      if (placement.isPresent()) {
        Files.writeString(map, placement.get());
      }
      new ReportJob(
              context.spark(),
              settings.warehouse(),
              settings.model(),
              placement.map(written -> map))
          .ofRun(night.runId(), settings.target().packaging().name())
          .write(page);
      return Files.readAllBytes(page);
    } finally {
      for (Path path : List.of(page, map, folder)) {
        Files.deleteIfExists(path);
      }
    }
  }
}
