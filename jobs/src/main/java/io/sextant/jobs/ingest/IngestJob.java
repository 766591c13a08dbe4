package io.sextant.jobs.ingest;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.table.SmallTable;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.table.TraceTables.FileRow;
import io.sextant.schema.table.TraceTables.QuarantineRow;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Reads new trace files into the warehouse. One pass identifies the files by their content, a
 * second reads those not seen before. A Spark task reads many small files or one large file and
 * writes its own Parquet, and {@link WarehouseTransaction} makes all of it visible at once.
 */
public final class IngestJob {
  /** Stored bytes that one task reads; a larger file has a task of its own. */
  private static final long TASK_BYTES = 16L << 20;

  private static final int MOST_FILES_A_TASK = 2_000;

  private final SparkSession spark;
  private final ModelSpec model;
  private final String warehouse;
  private final String runId;
  private final Progress progress;
  private boolean tokenIds = true;
  private WarehouseLock lock;

  public IngestJob(
      SparkSession spark, ModelSpec model, String warehouse, String runId, Progress progress) {
    this.spark = spark;
    this.model = model;
    this.warehouse = warehouse;
    this.runId = runId;
    this.progress = progress;
  }

  /** Leaves out the token ids of prompts if they must not be kept. */
  public IngestJob keepTokenIds(boolean keep) {
    tokenIds = keep;
    return this;
  }

  /** Commits only if the lock is still held. */
  public IngestJob under(WarehouseLock held) {
    lock = held;
    return this;
  }

  /**
   * @param format how the files are read
   * @throws InvalidInputException if a path does not exist or a file cannot be read
   * @throws IOException if the storage fails; then nothing of the run is kept
   */
  public IngestSummary run(List<String> inputs, FormatChoice format) throws IOException {
    return runOn(InputFile.list(inputs), format);
  }

  /**
   * Like {@link #run}, for files that were already listed. Without files, only finishes what an
   * earlier run left behind.
   */
  public IngestSummary runOn(List<InputFile> found, FormatChoice format) throws IOException {
    try (WarehouseTransaction transaction = WarehouseTransaction.begin(warehouse, runId)) {
      progress.say("identifying %,d files", found.size());
      NewFiles files = NewFiles.among(found, format, spark, model, warehouse);
      progress.say("reading %,d new files", files.fresh().size());
      IngestTask task = new IngestTask(model, format, transaction.staging(), runId, tokenIds);
      List<IngestAttempt> all = new ArrayList<>(read(task, groups(files.fresh())));
      List<NewFile> instead = files.inPlaceOf(filesOf(all));
      while (!instead.isEmpty()) {
        all.addAll(read(task, groups(instead)));
        instead = files.inPlaceOf(filesOf(all));
      }
      List<IngestAttempt> attempts = withoutRepeated(all, task);
      List<FileResult> read = filesOf(attempts);
      List<FileResult> results =
          Stream.concat(read.stream(), files.notRead(read))
              .sorted(Comparator.comparing(FileResult::path))
              .toList();
      if (!results.isEmpty()) {
        stage(transaction, results);
        if (lock != null) {
          lock.requireHeld();
        }
        transaction.commit(
            attempts.stream()
                .flatMap(attempt -> attempt.result().parquet().stream())
                .sorted()
                .toList());
      }
      return new IngestSummary(results, files.known(), clocks(attempts));
    }
  }

  /** Reads files again that have requests of other files, without these. */
  private List<IngestAttempt> withoutRepeated(List<IngestAttempt> attempts, IngestTask task)
      throws IOException {
    RepeatedRequests repeated = RepeatedRequests.among(attempts, spark, model.name(), warehouse);
    List<IngestAttempt> kept =
        new ArrayList<>(attempts.stream().filter(attempt -> !repeated.affect(attempt)).toList());
    kept.addAll(
        read(task, attempts.stream().filter(repeated::affect).map(repeated::without).toList()));
    return kept;
  }

  private static List<FileResult> filesOf(List<IngestAttempt> attempts) {
    return attempts.stream().flatMap(attempt -> attempt.result().files().stream()).toList();
  }

  private static List<ClockWarning> clocks(List<IngestAttempt> attempts) {
    return attempts.stream()
        .flatMap(attempt -> attempt.result().clocks().stream())
        .sorted(Comparator.comparing(ClockWarning::path))
        .toList();
  }

  /** Number of Spark tasks that read this number of files. */
  static int tasks(SparkSession spark, int files) {
    return Math.max(spark.sparkContext().defaultParallelism() * 2, files / MOST_FILES_A_TASK);
  }

  private List<IngestAttempt> read(IngestTask task, List<List<NewFile>> groups) {
    if (groups.isEmpty()) {
      return List.of();
    }
    List<IngestTask.Result> results =
        context()
            .parallelize(groups, groups.size())
            .map(
                files -> {
                  TaskContext attempt = TaskContext.get();
                  return task.run(
                      files, "%05d-%d".formatted(attempt.partitionId(), attempt.taskAttemptId()));
                })
            .collect();
    return IntStream.range(0, groups.size())
        .mapToObj(i -> new IngestAttempt(groups.get(i), results.get(i)))
        .toList();
  }

  private static List<List<NewFile>> groups(List<NewFile> files) {
    List<List<NewFile>> groups = new ArrayList<>();
    long bytes = 0;
    for (NewFile file : files) {
      List<NewFile> last = groups.isEmpty() ? null : groups.get(groups.size() - 1);
      if (last == null || last.size() == MOST_FILES_A_TASK || bytes + file.bytes() > TASK_BYTES) {
        last = new ArrayList<>();
        groups.add(last);
        bytes = 0;
      }
      last.add(file);
      bytes += file.bytes();
    }
    return groups;
  }

  /** Writes the results of the files into the staged tables. */
  void stage(WarehouseTransaction transaction, List<FileResult> results) {
    writeFiles(transaction, results);
    writeQuarantine(transaction, results);
  }

  private void writeFiles(WarehouseTransaction transaction, List<FileResult> results) {
    List<FileRow> rows =
        results.stream()
            // The table lists contents. A changed file must not be listed under its earlier
            // content, or it would not be read again.
            .filter(file -> file.status() != FileResult.Status.CHANGED)
            .map(
                file ->
                    new FileRow(
                        file.contentId(),
                        file.path(),
                        file.format(),
                        file.bytes(),
                        file.requests(),
                        file.tokens(),
                        file.expertIds(),
                        (long) file.faults().size(),
                        file.repeatedRequests(),
                        file.tokensId(),
                        file.remarks().isEmpty() ? null : String.join(" ", file.remarks()),
                        file.status().label(),
                        runId,
                        model.name()))
            .toList();
    if (!rows.isEmpty()) {
      SmallTable.write(
          rows, TraceTables.FILES, transaction.stagedTable(TraceTables.FILES.name()).toString());
    }
  }

  private void writeQuarantine(WarehouseTransaction transaction, List<FileResult> results) {
    List<QuarantineRow> rows = new ArrayList<>();
    for (FileResult file : results) {
      for (FileResult.Fault fault : file.faults()) {
        rows.add(
            new QuarantineRow(
                file.path(),
                file.contentId(),
                fault.row() < 0 ? null : fault.row(),
                fault.reason(),
                runId,
                model.name()));
      }
    }
    if (!rows.isEmpty()) {
      SmallTable.write(
          rows,
          TraceTables.QUARANTINE,
          transaction.stagedTable(TraceTables.QUARANTINE.name()).toString());
    }
  }

  private JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }
}
