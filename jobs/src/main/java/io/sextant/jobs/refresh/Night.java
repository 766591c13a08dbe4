package io.sextant.jobs.refresh;

import io.sextant.jobs.cli.StoppedException;
import io.sextant.jobs.ingest.IngestSummary;
import io.sextant.jobs.plan.Backtested;
import io.sextant.jobs.plan.Candidate;
import io.sextant.jobs.storage.StaleChecksum;
import io.sextant.placement.decision.Verdict;
import io.sextant.schema.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The results of a night so far. Results that a failed run did not reach are null. */
final class Night {
  private static final int WRONG_INPUT = 2;
  private static final int BUG = 3;

  private final String runId;
  private final Map<String, Double> stageSeconds = new LinkedHashMap<>();

  private TraceDays days;
  private String formerVersion;
  private String publishedVersion;
  private IngestSummary ingested;
  private Candidate planned;
  private Backtested scored;
  private Verdict verdict;
  private String reason;

  Night(String runId) {
    this.runId = runId;
  }

  String runId() {
    return runId;
  }

  /** Seconds by stage, in order; a failed stage is missing. */
  Map<String, Double> stageSeconds() {
    return stageSeconds;
  }

  /** The work of a stage, which may throw any exception. */
  interface Work<T> {
    T run() throws Exception;
  }

  <T> T timed(String stage, Work<T> work) throws Exception {
    long started = System.nanoTime();
    T result = work.run();
    stageSeconds.put(stage, (System.nanoTime() - started) / 1e9);
    return result;
  }

  TraceDays days() {
    return days;
  }

  void days(TraceDays chosen) {
    days = chosen;
  }

  /** The version in force when the night began; null if there was none. */
  String formerVersion() {
    return formerVersion;
  }

  void formerVersion(String version) {
    formerVersion = version;
  }

  /** The version that this night put in force; null if there is none. */
  String publishedVersion() {
    return publishedVersion;
  }

  void published(String version) {
    publishedVersion = version;
  }

  IngestSummary ingested() {
    return ingested;
  }

  void ingested(IngestSummary summary) {
    ingested = summary;
  }

  Candidate planned() {
    return planned;
  }

  void planned(Candidate plans) {
    planned = plans;
  }

  Backtested scored() {
    return scored;
  }

  void scored(Backtested scores) {
    scored = scores;
  }

  Verdict verdict() {
    return verdict;
  }

  /** The reason, in one sentence. */
  String reason() {
    return reason;
  }

  void decided(Verdict what, String why) {
    verdict = what;
    reason = why;
  }

  /**
   * Exit code of a night that ended without an exception. New files of which nothing could be used
   * are wrong input, whatever was decided on earlier traces.
   */
  int exitCode() {
    if (ingested != null && ingested.nothingUsable()) {
      return WRONG_INPUT;
    }
    return verdict == Verdict.INSUFFICIENT_EVIDENCE ? StoppedException.INSUFFICIENT_EVIDENCE : 0;
  }

  /** Exit code of a night that ended with an exception. */
  static int exitCode(Exception thrown) {
    if (thrown instanceof StoppedException stopped) {
      return stopped.exitCode();
    }
    return thrown instanceof InvalidInputException ? WRONG_INPUT : BUG;
  }

  /** The exception to show to the user: one line unless it is a bug. */
  Exception explained(Throwable thrown, String warehouse) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoppedException || cause instanceof InvalidInputException) {
        return (RuntimeException) cause;
      }
    }
    Optional<InvalidInputException> wrongFile = StaleChecksum.of(thrown);
    if (wrongFile.isPresent()) {
      return wrongFile.get();
    }
    Optional<String> storage = StorageFailure.reason(thrown);
    if (storage.isPresent()) {
      return new StoppedException(
          StoppedException.STORAGE_FAILED,
          "%s: the storage failed: %s. %s"
              .formatted(
                  warehouse,
                  storage.get(),
                  publishedVersion == null
                      ? "Nothing was published; repair the storage and run again"
                      : "Version %s is in force; repair the storage before the next run"
                          .formatted(publishedVersion)),
          thrown);
    }
    return thrown instanceof Exception exception ? exception : new IllegalStateException(thrown);
  }
}
