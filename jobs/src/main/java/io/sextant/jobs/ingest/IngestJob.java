package io.sextant.jobs.ingest;

import static org.apache.spark.sql.functions.col;

import io.sextant.jobs.HadoopTraceFile;
import io.sextant.jobs.InputFile;
import io.sextant.jobs.Progress;
import io.sextant.jobs.SparkTables;
import io.sextant.jobs.storage.StorageFault;
import io.sextant.jobs.table.SmallTable;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.Tables;
import io.sextant.schema.trace.TraceFile;
import io.sextant.schema.trace.TraceFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Reads new trace files into the warehouse. One pass identifies the files by their content, a
 * second reads those not seen before, many small ones or one large one to a Spark task; each task
 * writes its own Parquet, and {@link WarehouseTransaction} makes it all visible at once.
 */
public final class IngestJob {
  /** Stored bytes one task reads; a larger file is a task of its own. */
  private static final long TASK_BYTES = 16L << 20;

  private static final int MOST_FILES_A_TASK = 2_000;

  private final SparkSession spark;
  private final ModelSpec model;
  private final String warehouse;
  private final String runId;
  private final Progress progress;

  public IngestJob(
      SparkSession spark, ModelSpec model, String warehouse, String runId, Progress progress) {
    this.spark = spark;
    this.model = model;
    this.warehouse = warehouse;
    this.runId = runId;
    this.progress = progress;
  }

  /**
   * @param format name of the format, or {@code auto}
   * @throws InvalidInputException where a path does not exist or a file cannot be read
   * @throws IOException where the storage fails; nothing of the run is kept then
   */
  public IngestSummary run(List<String> inputs, String format) throws IOException {
    return runOn(InputFile.list(inputs), format);
  }

  /**
   * As {@link #run}, of files that were found; without any it only finishes what an earlier run
   * left.
   */
  public IngestSummary runOn(List<InputFile> found, String format) throws IOException {
    try (WarehouseTransaction transaction = WarehouseTransaction.begin(warehouse, runId)) {
      progress.say("identifying %,d files", found.size());
      List<NewFile> fresh = fresh(found);
      progress.say("reading %,d new files", fresh.size());
      IngestTask task = new IngestTask(model, format, transaction.staging(), runId);
      List<IngestTask.Result> attempts = read(task, fresh);
      List<FileResult> results =
          attempts.stream()
              .flatMap(attempt -> attempt.files().stream())
              .sorted(Comparator.comparing(FileResult::path))
              .toList();
      if (!results.isEmpty()) {
        writeFiles(transaction, results);
        writeQuarantine(transaction, results);
        transaction.commit(
            attempts.stream().flatMap(attempt -> attempt.parquet().stream()).sorted().toList());
      }
      return new IngestSummary(results, found.size() - fresh.size(), clocks(attempts));
    }
  }

  private static List<ClockWarning> clocks(List<IngestTask.Result> attempts) {
    return attempts.stream()
        .flatMap(attempt -> attempt.clocks().stream())
        .sorted(Comparator.comparing(ClockWarning::path))
        .toList();
  }

  /** The files whose content neither the warehouse nor an earlier file of this run has. */
  private List<NewFile> fresh(List<InputFile> found) {
    Set<String> seen = new HashSet<>(knownContent());
    List<NewFile> fresh = new ArrayList<>();
    for (NewFile file : identify(found)) {
      if (seen.add(file.contentId())) {
        fresh.add(file);
      }
    }
    return fresh;
  }

  private List<NewFile> identify(List<InputFile> found) {
    return context()
        .parallelize(found, Math.max(1, Math.min(found.size(), tasks(found.size()))))
        .map(
            file -> {
              try {
                TraceFile stored = new HadoopTraceFile(file.path());
                String contentId = TraceFiles.inspect(stored).contentId();
                return new NewFile(file.path(), stored.path(), contentId, file.bytes());
              } catch (IOException e) {
                throw InvalidInputException.of(
                    file.shown(),
                    "cannot be read: " + StorageFault.why(e),
                    "Check its permissions",
                    e);
              }
            })
        .collect();
  }

  private int tasks(int files) {
    return Math.max(spark.sparkContext().defaultParallelism() * 2, files / MOST_FILES_A_TASK);
  }

  private List<String> knownContent() {
    return SparkTables.read(spark, warehouse, Tables.FILES)
        .map(
            files ->
                files
                    .where(col("model").equalTo(model.name()))
                    .select("content_id")
                    .as(Encoders.STRING())
                    .collectAsList())
        .orElse(List.of());
  }

  private List<IngestTask.Result> read(IngestTask task, List<NewFile> fresh) {
    if (fresh.isEmpty()) {
      return List.of();
    }
    List<List<NewFile>> groups = groups(fresh);
    return context()
        .parallelize(groups, groups.size())
        .map(
            files -> {
              TaskContext attempt = TaskContext.get();
              return task.run(
                  files, "%05d-%d".formatted(attempt.partitionId(), attempt.taskAttemptId()));
            })
        .collect();
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

  private void writeFiles(WarehouseTransaction transaction, List<FileResult> results) {
    List<Row> rows =
        results.stream()
            .map(
                file ->
                    RowFactory.create(
                        file.contentId(),
                        file.path(),
                        file.format(),
                        file.bytes(),
                        file.requests(),
                        file.tokens(),
                        file.expertIds(),
                        (long) file.faults().size(),
                        file.whole() ? "quarantined" : "ingested",
                        runId,
                        model.name()))
            .toList();
    SmallTable.write(rows, Tables.FILES, transaction.stagedTable(Tables.FILES.name()).toString());
  }

  private void writeQuarantine(WarehouseTransaction transaction, List<FileResult> results) {
    List<Row> rows = new ArrayList<>();
    for (FileResult file : results) {
      for (FileResult.Fault fault : file.faults()) {
        rows.add(
            RowFactory.create(
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
          rows, Tables.QUARANTINE, transaction.stagedTable(Tables.QUARANTINE.name()).toString());
    }
  }

  private JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }
}
