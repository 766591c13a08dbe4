package io.sextant.jobs.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.spark.OpenSession;
import io.sextant.jobs.spark.SparkSessions;
import io.sextant.jobs.storage.OutputCheck;
import io.sextant.jobs.storage.WarehouseSchema;
import io.sextant.jobs.window.Evidence;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant report}. */
@Command(
    name = "report",
    description = "Writes one HTML page with load, balance, correlation, drift and traffic.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The page is self-contained: it contains its charts and data and loads nothing.",
      "Example: sextant report --warehouse warehouse --model sextant-128x8 --out report.html"
    })
public final class ReportCommand implements Callable<Integer> {
  @Mixin private WarehouseOptions warehouse;
  @Mixin private JsonOption json;

  @Option(names = "--out", required = true, paramLabel = "FILE.html", description = "Output file.")
  private Path out;

  @Option(
      names = "--placement",
      paramLabel = "DIR",
      description =
          "A folder that solve wrote, or a placement map: the map that is deployed, which the"
              + " page describes.")
  private Path placement;

  @Override
  public Integer call() throws IOException {
    Progress progress = new Progress();
    ModelSpec model = warehouse.model();
    Evidence.requireWarehouse(warehouse.folder());
    WarehouseSchema.requireReadableIfLocal(warehouse.folder());
    OutputCheck.requireFile(out);
    try (OpenSession session = SparkSessions.open()) {
      SparkSession spark = session.spark();
      session.show(progress);
      progress.say("reading the tables of %s", warehouse.folder());
      String headline =
          new ReportJob(spark, warehouse.folder(), model, Optional.ofNullable(placement))
              .write(out);
      json.print(
          "%s%n%s%n".formatted(headline, out),
          () ->
              JsonNodeFactory.instance
                  .objectNode()
                  .put("headline", headline)
                  .put("file", out.toString()));
      progress.say("done");
    }
    return 0;
  }
}
