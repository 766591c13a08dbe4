package io.sextant.jobs.refresh;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.StoppedException;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.publish.PublishedVersions;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.spark.RunLog;
import io.sextant.jobs.storage.InputFile;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CompleteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;

/**
 * Runs a night under the warehouse's lock, and writes its metrics even if it fails.
 *
 * @param command the command line, for the log of runs
 * @param maxWait maximum time to wait for another run to end
 * @param metricsFile file for a copy of the metrics
 */
record NightRun(
    NightContext context, Invocation command, Duration maxWait, Optional<Path> metricsFile) {
  private static final String METRICS_FILE = "refresh.prom";

  void run() throws Exception {
    RefreshSettings settings = context.settings();
    Night night = context.night();
    // Checked before the lock creates a folder, so that a mistyped path does not become a
    // warehouse.
    InputFile.find(settings.input().paths());
    PublishedVersions versions =
        PublishedVersions.of(settings.warehouse(), settings.model().name());
    try (WarehouseLock lock =
        WarehouseLock.acquire(
            settings.warehouse(), night.runId(), "refresh", maxWait, context.progress())) {
      work(new RefreshJob(context, versions, lock));
      notePublished(versions);
      writeMetrics(versions, night.exitCode());
    } catch (Exception | FSError e) {
      Exception told = night.explained(e, settings.warehouse());
      if (!(told instanceof StoppedException stopped
          && stopped.exitCode() == StoppedException.BUSY)) {
        writeMetrics(versions, Night.exitCode(told));
      }
      throw told;
    }
  }

  private void work(RefreshJob job) throws Exception {
    new RunLog(context.settings().warehouse(), command)
        .record(
            context.night().runId(),
            () -> {
              job.run();
              return null;
            });
  }

  private void notePublished(PublishedVersions versions) {
    Night night = context.night();
    if (night.publishedVersion() != null) {
      String plan = night.scored().origin(Plan.SEXTANT).id().value();
      command.notes().planned(versions.folder(night.publishedVersion()), plan);
    }
  }

  /** Failing to write metrics must not fail the run. */
  private void writeMetrics(PublishedVersions versions, int exitCode) {
    try {
      String text =
          new NightMetrics(context.settings(), context.night())
              .text(exitCode, context.progress().seconds(), Instant.now(), versions.publishedAt());
      if (metricsFile.isPresent()) {
        // The collector may read files that end with .prom at any moment; until it is complete, the
        // new file has another name.
        CompleteFile.write(metricsFile.get(), text);
      }
      versions.replaceBeside(METRICS_FILE, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | InvalidInputException | FSError e) {
      context.progress().say("the metrics could not be written: %s", e.getMessage());
    }
  }
}
