package io.sextant.jobs.window;

import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.table.TableSplit;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.NearestName;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.TraceTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * What a warehouse has, from the names and the footers of its files. Commands ask before they start
 * Spark, so that a window without traces is reported at once. Only local warehouses are checked
 * this early: other storage needs the settings of the Spark session.
 */
public final class Evidence {
  private static final List<String> TABLES =
      List.of(TraceTables.TRACES.name(), TraceTables.LOAD_COUNTS.name());

  private static final String MODEL = "model=";
  private static final String DAY = "day=";

  private Evidence() {}

  /**
   * Checks that a local warehouse exists and can be read.
   *
   * @throws InvalidInputException if there is no such folder, or this user may not read it
   */
  public static void requireWarehouse(String warehouse) {
    Path root = Storage.local(warehouse).orElse(null);
    if (root == null) {
      return;
    }
    if (!Files.isDirectory(root)) {
      throw InvalidInputException.of(
          warehouse,
          Files.exists(root) ? "it is not a folder" : "there is no such warehouse",
          "Give --warehouse the folder that ingest wrote, or run ingest first");
    }
    if (!Files.isReadable(root) || !Files.isExecutable(root)) {
      throw InvalidInputException.of(
          warehouse, "permission denied", "Run as a user that may read the folder");
    }
  }

  /**
   * Checks that a window of a local warehouse has traces or counts.
   *
   * @param options the options that give the window, for the message
   * @throws InvalidInputException naming what the warehouse has
   */
  public static void require(TraceWindow window, String options) {
    Path root = Storage.local(window.warehouse()).orElse(null);
    if (root == null) {
      return;
    }
    requireWarehouse(window.warehouse());
    NavigableSet<String> models = parts(root, "", MODEL);
    if (models.isEmpty()) {
      throw InvalidInputException.of(
          window.warehouse() + "/" + TraceTables.TRACES.name(),
          "there are no traces",
          "Run sextant ingest into this warehouse first");
    }
    String traces = "traces of " + window.describe();
    if (!models.contains(window.model())) {
      throw InvalidInputException.of(
          traces,
          "the warehouse has none",
          "%sIt has traces of %s"
              .formatted(NearestName.remedy(window.model(), models), String.join(", ", models)));
    }
    NavigableSet<String> days = parts(root, "/" + MODEL + window.model(), DAY);
    if (days.stream().noneMatch(window::covers)) {
      throw InvalidInputException.of(
          traces,
          "the warehouse has none",
          days.isEmpty()
              ? "Ingest traces first"
              : "Check %s: it has %d %s, %s to %s"
                  .formatted(
                      options,
                      days.size(),
                      days.size() == 1 ? "day" : "days",
                      days.first(),
                      days.last()));
    }
  }

  /** The values of the partitions below a folder of the tables of traces and counts. */
  private static NavigableSet<String> parts(Path root, String below, String column) {
    NavigableSet<String> values = new TreeSet<>();
    for (String table : TABLES) {
      Path folder = root.resolve(table + below);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> children = Files.list(folder)) {
          values.addAll(
              children
                  .map(child -> child.getFileName().toString())
                  .filter(name -> name.startsWith(column))
                  .map(name -> name.substring(column.length()))
                  .collect(Collectors.toSet()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return values;
  }

  /**
   * Tokens of a layer in a window: the expert ids that the footers count, divided by the layers and
   * by top-k.
   */
  public static long tokens(TraceWindow window, ModelSpec model) throws IOException {
    long ids = 0;
    String last = "";
    for (List<TableSplit> task : window.tasks(1, Long.MAX_VALUE)) {
      for (TableSplit split : task) {
        // A large file is several splits.
        if (!split.path().equals(last)) {
          ids += ids(split.path());
          last = split.path();
        }
      }
    }
    return ids / Math.max(1, (long) model.moeLayers().size() * model.topK());
  }

  private static long ids(String path) throws IOException {
    long ids = 0;
    try (ParquetFileReader file =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(path), Storage.configuration()))) {
      for (BlockMetaData block : file.getFooter().getBlocks()) {
        for (ColumnChunkMetaData column : block.getColumns()) {
          if (column.getPath().toArray()[0].equals("experts")) {
            ids += column.getValueCount();
          }
        }
      }
    }
    return ids;
  }
}
