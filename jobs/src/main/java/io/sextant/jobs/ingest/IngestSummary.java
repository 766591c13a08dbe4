package io.sextant.jobs.ingest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.ingest.FileResult.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The summary of an ingest.
 *
 * @param results the result of each new file
 * @param knownFiles number of files whose content was already known
 * @param clocks warnings about files with days that cannot be right
 */
public record IngestSummary(List<FileResult> results, int knownFiles, List<ClockWarning> clocks) {
  private static final int MOST_REASONS = 10;

  public long requests() {
    return results.stream().mapToLong(FileResult::requests).sum();
  }

  public long tokens() {
    return results.stream().mapToLong(FileResult::tokens).sum();
  }

  public long expertIds() {
    return results.stream().mapToLong(FileResult::expertIds).sum();
  }

  public long ingestedFiles() {
    return files(Status.INGESTED);
  }

  public long quarantinedFiles() {
    return files(Status.QUARANTINED) + files(Status.REJECTED) + files(Status.CHANGED);
  }

  /** Whether there were new files, and none of them has a usable request or count. */
  public boolean nothingUsable() {
    return !results.isEmpty() && results.stream().noneMatch(FileResult::used);
  }

  /** The reason, for {@link #nothingUsable}. */
  public String whyNothing() {
    return quarantinedFiles() > 0
        ? "none of the files could be used"
        : "the files have no requests and no counts";
  }

  private long files(Status status) {
    return results.stream().filter(file -> file.status() == status).count();
  }

  public long quarantinedRequests() {
    return results.stream()
        .filter(file -> file.status() == Status.INGESTED || file.status() == Status.REJECTED)
        .mapToLong(file -> file.faults().size())
        .sum();
  }

  /** Number of requests that were left out because other files have them. */
  public long repeatedRequests() {
    return results.stream().mapToLong(FileResult::repeatedRequests).sum();
  }

  private long filesOfOtherRequests() {
    return results.stream()
        .filter(file -> file.status() == Status.REPEATED && file.repeatedRequests() > 0)
        .count();
  }

  /** The summary as text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%,d files ingested: %,d requests, %,d tokens, %,d expert ids%n"
            .formatted(ingestedFiles(), requests(), tokens(), expertIds()));
    long counting = results.stream().filter(file -> file.countedSteps() > 0).count();
    if (counting > 0) {
      text.append(
          "%,d of the files only count tokens of each expert, over %,d steps: they fill expert_load; traffic cannot be computed from them%n"
              .formatted(counting, results.stream().mapToLong(FileResult::countedSteps).sum()));
    }
    long ranks = files(Status.REPEATED) - filesOfOtherRequests();
    if (ranks > 0) {
      text.append(
          "%,d files repeat the tokens of another rank; they are counted once%n".formatted(ranks));
    }
    if (repeatedRequests() > 0) {
      text.append(
          "%,d requests are in another file too, or twice in theirs; they are counted once (same id, arrival and routing; %,d files have no others)%n"
              .formatted(repeatedRequests(), filesOfOtherRequests()));
    }
    if (knownFiles > 0) {
      text.append("%,d files known already, by their content%n".formatted(knownFiles));
    }
    text.append(
        "%,d files and %,d requests quarantined%n"
            .formatted(quarantinedFiles(), quarantinedRequests()));
    Map<String, List<String>> pathsByRemark = new LinkedHashMap<>();
    results.stream()
        .filter(file -> file.status() == Status.INGESTED)
        .forEach(
            file ->
                file.remarks()
                    .forEach(
                        remark ->
                            pathsByRemark
                                .computeIfAbsent(remark, r -> new ArrayList<>())
                                .add(file.path())));
    pathsByRemark.entrySet().stream()
        .limit(MOST_REASONS)
        .forEach(entry -> appendLine(text, note(entry.getValue(), entry.getKey())));
    results.stream()
        .flatMap(file -> file.faults().stream().map(fault -> line(file, fault)))
        .limit(MOST_REASONS)
        .forEach(line -> appendLine(text, line));
    if (!clocks.isEmpty()) {
      text.append("%,d files have days that cannot be right%n".formatted(filesWithWrongDays()));
      clocks.stream().limit(MOST_REASONS).forEach(clock -> appendLine(text, clock.text()));
    }
    return text.toString();
  }

  private long filesWithWrongDays() {
    return clocks.stream().map(ClockWarning::path).distinct().count();
  }

  /** A file's name may contain a line break. */
  private static void appendLine(StringBuilder text, String line) {
    text.append("  ")
        .append(line.replace("\r", "\\r").replace("\n", "\\n"))
        .append(System.lineSeparator());
  }

  /** If each file has one request, all files may have the same remark. */
  private static String note(List<String> paths, String remark) {
    String more = paths.size() == 1 ? "" : " and %,d more files".formatted(paths.size() - 1);
    return "note: %s%s: %s".formatted(paths.get(0), more, remark);
  }

  /** The summary as JSON. */
  public ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("ingested_files", ingestedFiles())
        .put("requests", requests())
        .put("tokens", tokens())
        .put("expert_ids", expertIds())
        .put("counted_steps", results.stream().mapToLong(FileResult::countedSteps).sum())
        .put("known_files", knownFiles)
        .put("repeated_files", files(Status.REPEATED))
        .put("repeated_requests", repeatedRequests())
        .put("quarantined_files", quarantinedFiles())
        .put("quarantined_requests", quarantinedRequests());
    ArrayNode remarks = root.putArray("remarks");
    for (FileResult file : results) {
      file.remarks()
          .forEach(remark -> remarks.addObject().put("path", file.path()).put("remark", remark));
    }
    ArrayNode quarantine = root.putArray("quarantine");
    for (FileResult file : results) {
      for (FileResult.Fault fault : file.faults()) {
        quarantine
            .addObject()
            .put("path", file.path())
            .put("row", fault.row() < 0 ? null : Long.valueOf(fault.row()))
            .put("reason", fault.reason());
      }
    }
    ArrayNode wrongDays = root.putArray("wrong_days");
    for (ClockWarning clock : clocks) {
      wrongDays
          .addObject()
          .put("path", clock.path())
          .put("requests", clock.requests())
          .put("first_day", clock.firstDay())
          .put("last_day", clock.lastDay())
          .put("problem", clock.problem());
    }
    return root;
  }

  private static String line(FileResult file, FileResult.Fault fault) {
    return fault.row() < 0
        ? file.path() + ": " + fault.reason()
        : "%s: request %d: %s".formatted(file.path(), fault.row(), fault.reason());
  }
}
