package io.sextant.jobs.analyze;

import io.sextant.jobs.analyze.count.CountKey;
import io.sextant.jobs.analyze.count.Counts;
import io.sextant.jobs.snapshot.SnapshotChange;
import io.sextant.jobs.table.PartitionReplacement;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.UsageTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;

/**
 * Writes the large tables, {@code expert_load} and {@code coactivation}, in the tasks that hold
 * their counts.
 *
 * @param warehouse the folder of the tables
 * @param change receives the changes of the tables
 */
record CountTables(String warehouse, ModelSpec model, Window window, SnapshotChange change) {

  /** Writes a day's file in the task that holds the counts of all its layers. */
  void writeExpertLoad(JavaPairRDD<CountKey, Counts> counts) throws IOException {
    String name = model.name();
    String run = window.runId();
    try (PartitionReplacement replacement =
        PartitionReplacement.begin(folder(UsageTables.EXPERT_LOAD))) {
      String staging = replacement.staging();
      replacement.commit(
          counts
              .filter(entry -> !entry._1().day().equals(CountKey.WINDOW))
              .mapPartitions(
                  entries -> {
                    TreeMap<String, TreeMap<Integer, Counts>> days = new TreeMap<>();
                    entries.forEachRemaining(
                        entry ->
                            days.computeIfAbsent(entry._1().day(), day -> new TreeMap<>())
                                .put(entry._1().layer(), entry._2()));
                    List<String> files = new ArrayList<>();
                    for (Map.Entry<String, TreeMap<Integer, Counts>> day : days.entrySet()) {
                      Path file = file(staging, name, day.getKey());
                      ExpertLoadFile.write(file, day.getValue(), run);
                      files.add(file.toString());
                    }
                    return files.iterator();
                  })
              .collect(),
          change);
    }
  }

  /** Writes all layers into one file. */
  void writeCoactivation(JavaPairRDD<CountKey, Counts> counts) throws IOException {
    ModelSpec shape = model;
    Window covered = window;
    try (PartitionReplacement replacement =
        PartitionReplacement.begin(folder(UsageTables.COACTIVATION))) {
      String staging = replacement.staging();
      replacement.commit(
          counts
              .filter(entry -> entry._1().day().equals(CountKey.WINDOW))
              .coalesce(1)
              .mapPartitions(
                  entries -> {
                    TreeMap<Integer, Counts> layers = new TreeMap<>();
                    entries.forEachRemaining(entry -> layers.put(entry._1().layer(), entry._2()));
                    if (layers.isEmpty()) {
                      return Collections.emptyIterator();
                    }
                    Path path = file(staging, shape.name(), covered.to());
                    try (CoactivationFile file = new CoactivationFile(path, shape, covered)) {
                      for (Map.Entry<Integer, Counts> layer : layers.entrySet()) {
                        file.add(layer.getKey(), layer.getValue().pairs(shape.experts()));
                      }
                    }
                    return List.of(path.toString()).iterator();
                  })
              .collect(),
          change);
    }
  }

  /** A file name that no other attempt of the task uses. */
  private static Path file(String staging, String model, String day) {
    return new Path(
        staging,
        "model=%s/day=%s/part-%d.parquet".formatted(model, day, TaskContext.get().taskAttemptId()));
  }

  private String folder(TableDefinition<?> table) {
    return warehouse + "/" + table.name();
  }
}
