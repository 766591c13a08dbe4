package io.sextant.jobs.ingest;

import static org.apache.spark.sql.functions.col;

import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.storage.Storage;
import io.sextant.schema.table.TraceTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * Finds requests of new files that the warehouse has already, or that several new files have. The
 * identities of requests are small, so they are compared after the files were read; files with
 * repeated requests, which are rare, are then read again without them.
 *
 * @param ofFile the repeated requests of each file, by path
 */
record RepeatedRequests(Map<String, IdentitySet> ofFile) {
  private static final Pattern DAY = Pattern.compile("/day=([^/]+)/");

  /**
   * @param attempts files that were read; of files with the same request, the first in order of
   *     their paths keeps it
   */
  static RepeatedRequests among(
      List<IngestAttempt> attempts, SparkSession spark, String model, String warehouse)
      throws IOException {
    List<IngestTask.Identities> files = new ArrayList<>();
    Set<String> days = new TreeSet<>();
    for (IngestAttempt attempt : attempts) {
      files.addAll(attempt.result().identities());
      attempt.result().parquet().forEach(path -> addDay(path, days));
    }
    if (files.isEmpty()) {
      return new RepeatedRequests(Map.of());
    }
    files.sort(Comparator.comparing(IngestTask.Identities::path));
    Path table = new Path(Storage.path(warehouse), TraceTables.REQUESTS.name() + "/model=" + model);
    FileSystem fileSystem = Storage.fileSystem(table);
    List<String> stored = new ArrayList<>();
    for (String day : days) {
      if (fileSystem.exists(new Path(table, "day=" + day))) {
        stored.add(day);
      }
    }
    // A night's day is new, and then there is nothing to read.
    IdentitySet seen =
        stored.isEmpty() ? new IdentitySet() : known(stored, spark, model, warehouse);
    Map<String, IdentitySet> repeated = new HashMap<>();
    for (IngestTask.Identities file : files) {
      for (long identity : file.ofRequests()) {
        if (!seen.add(identity)) {
          repeated.computeIfAbsent(file.path(), path -> new IdentitySet()).add(identity);
        }
      }
    }
    return new RepeatedRequests(repeated);
  }

  private static void addDay(String path, Set<String> days) {
    Matcher day = DAY.matcher(path);
    if (day.find()) {
      days.add(day.group(1));
    }
  }

  /** The identities of the warehouse's requests of some days. */
  private static IdentitySet known(
      List<String> days, SparkSession spark, String model, String warehouse) {
    Column wanted =
        col("model")
            .equalTo(model)
            .and(col("day").isin(days.toArray()))
            .and(col("identity").isNotNull());
    return SparkTables.read(spark, warehouse, TraceTables.REQUESTS)
        .map(requests -> requests.where(wanted).select("identity").as(Encoders.LONG()))
        .map(identities -> identities.collectAsList().stream().mapToLong(Long::longValue).toArray())
        .map(IdentitySet::of)
        .orElseGet(IdentitySet::new);
  }

  /** Whether a file of the attempt has a repeated request. */
  boolean affect(IngestAttempt attempt) {
    return attempt.files().stream().anyMatch(file -> ofFile.containsKey(file.path()));
  }

  /** The attempt's files, each without its repeated requests. */
  List<NewFile> without(IngestAttempt attempt) {
    return attempt.files().stream()
        .map(
            file ->
                ofFile.containsKey(file.path())
                    ? file.without(ofFile.get(file.path()).toArray())
                    : file)
        .toList();
  }
}
