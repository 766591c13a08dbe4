package io.sextant.jobs.ingest;

import io.sextant.jobs.cli.Progress;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Fills a warehouse for tests of its readers, in the session that they share. */
public final class TestWarehouse {

  private TestWarehouse() {}

  public static void ingest(SparkSession spark, Path warehouse, ModelSpec model, Path... inputs)
      throws IOException {
    List<String> paths = List.of(inputs).stream().map(Path::toString).toList();
    new IngestJob(spark, model, warehouse.toString(), "run-" + model.name(), new Progress())
        .run(paths, FormatChoice.DETECTED);
  }
}
