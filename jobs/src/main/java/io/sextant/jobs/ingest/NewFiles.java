package io.sextant.jobs.ingest;

import static org.apache.spark.sql.functions.col;

import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.StorageFault;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.jobs.table.TypedRows;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.format.FormatChoice;
import io.sextant.schema.trace.format.TraceFormats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;

/**
 * Separates new files from those whose content the warehouse has, and from those that repeat the
 * tokens of another file: all ranks of a tensor-parallel group record the same tokens.
 *
 * @param fresh new files to read, in order of their paths
 * @param repeats files whose tokens another file has
 * @param known number of files whose content was already known
 */
record NewFiles(List<NewFile> fresh, List<Repeat> repeats, int known) {

  /**
   * A file that has the same tokens as another file.
   *
   * @param other path of the other file
   * @param isNew whether the other is new too, so that it may turn out to be unusable
   */
  record Repeat(NewFile file, String other, boolean isNew) {}

  /** The warehouse's row of a file. */
  private record KnownFile(
      String contentId, String format, String tokensId, String path, String status) {}

  private static final byte[] NO_HEAD = {};

  /**
   * @param found the files in order of their paths; of files with the same tokens the first is
   *     taken
   * @throws InvalidInputException if a file cannot be read
   */
  static NewFiles among(
      List<InputFile> found,
      FormatChoice format,
      SparkSession spark,
      ModelSpec model,
      String warehouse) {
    Map<String, Set<String>> namesByContent = new HashMap<>();
    Map<String, String> pathByTokens = new HashMap<>();
    for (KnownFile file : knownFiles(format, spark, model, warehouse)) {
      String name =
          file.format() == null
              ? ""
              : TraceFormats.byName(file.format()).fromPath(file.path(), NO_HEAD);
      namesByContent.computeIfAbsent(file.contentId(), id -> new HashSet<>()).add(name);
      if (file.tokensId() != null && file.status().equals(FileResult.Status.INGESTED.label())) {
        pathByTokens.put(file.tokensId(), file.path());
      }
    }
    List<NewFile> fresh = new ArrayList<>();
    List<Repeat> repeats = new ArrayList<>();
    Set<String> knownTokens = Set.copyOf(pathByTokens.keySet());
    int known = 0;
    for (NewFile file : identified(found, format, spark)) {
      if (isKnown(file, namesByContent)) {
        known++;
        continue;
      }
      namesByContent.computeIfAbsent(file.contentId(), id -> new HashSet<>()).add(file.fromPath());
      String other =
          file.tokensId() == null ? null : pathByTokens.putIfAbsent(file.tokensId(), file.path());
      if (other == null) {
        fresh.add(file);
      } else {
        repeats.add(new Repeat(file, other, !knownTokens.contains(file.tokensId())));
      }
    }
    return new NewFiles(fresh, repeats, known);
  }

  /** Earlier versions identified compressed files by their stored bytes. */
  private static boolean isKnown(NewFile file, Map<String, Set<String>> namesByContent) {
    return Stream.of(file.contentId(), file.storedId())
        .map(id -> namesByContent.getOrDefault(id, Set.of()))
        .anyMatch(
            names ->
                file.fromPath().isEmpty() ? !names.isEmpty() : names.contains(file.fromPath()));
  }

  /** Files to read instead of files with the same tokens that could not be used. */
  List<NewFile> inPlaceOf(List<FileResult> read) {
    Set<String> paths = read.stream().map(FileResult::path).collect(Collectors.toSet());
    Set<String> given =
        read.stream()
            .filter(file -> file.status() == FileResult.Status.INGESTED && file.tokensId() != null)
            .map(FileResult::tokensId)
            .collect(Collectors.toSet());
    Map<String, NewFile> next = new LinkedHashMap<>();
    for (Repeat repeat : repeats) {
      NewFile file = repeat.file();
      if (repeat.isNew() && !given.contains(file.tokensId()) && !paths.contains(file.path())) {
        next.putIfAbsent(file.tokensId(), file);
      }
    }
    return List.copyOf(next.values());
  }

  /** The results of the files that were not read. */
  Stream<FileResult> notRead(List<FileResult> read) {
    Set<String> paths = read.stream().map(FileResult::path).collect(Collectors.toSet());
    return repeats.stream()
        .filter(repeat -> !paths.contains(repeat.file().path()))
        .map(repeat -> FileResult.repeated(repeat.file(), repeat.other()));
  }

  /** Files in quarantine are new again if the user says how to read them. */
  private static List<KnownFile> knownFiles(
      FormatChoice format, SparkSession spark, ModelSpec model, String warehouse) {
    Column known = col("model").equalTo(model.name());
    Column wanted =
        format.isTold()
            ? known.and(col("status").notEqual(FileResult.Status.QUARANTINED.label()))
            : known;
    return SparkTables.read(spark, warehouse, TraceTables.FILES)
        .map(files -> TypedRows.of(KnownFile.class).collect(files.where(wanted)))
        .orElse(List.of());
  }

  private static List<NewFile> identified(
      List<InputFile> found, FormatChoice format, SparkSession spark) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(
            found, Math.max(1, Math.min(found.size(), IngestJob.tasks(spark, found.size()))))
        .map(
            file -> {
              try {
                return identify(file.path(), new StoredFile(file.path()), format);
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

  /** Identifies a file by its content. */
  static NewFile identify(String uri, TraceFile file, FormatChoice format) throws IOException {
    TraceFile stored = FileInMemory.of(file);
    TraceFiles.Inspection inspected = TraceFiles.inspect(stored);
    String name = null;
    String fromPath = "";
    String tokensId = null;
    try {
      TraceReader reader = format.reader(stored, inspected.head());
      name = reader.format();
      fromPath = reader.fromPath(stored.path(), inspected.head());
      tokensId = reader.tokensId(stored).orElse(null);
    } catch (CorruptTraceException e) {
      // Reading the file will report what is wrong with it.
    }
    return new NewFile(
        uri,
        stored.path(),
        inspected.contentId(),
        inspected.storedId(),
        fromPath,
        tokensId,
        stored.length(),
        stored.modifiedMillis(),
        name,
        new long[0]);
  }
}
