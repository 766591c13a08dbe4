package io.sextant.jobs.scaling;

import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.StaleChecksum;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.jobs.table.SmallTable;
import io.sextant.numerics.scaling.FittedLaw;
import io.sextant.numerics.scaling.ScalingLaw;
import io.sextant.numerics.scaling.ScalingPoint;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.table.ScalingTables;
import io.sextant.schema.table.ScalingTables.ScalingLawRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Fits a law to every family and benchmark of run traces, one Spark task per pair. */
final class ScalingJob {
  private static final List<String> COLUMNS =
      List.of("family", "benchmark", "parameters", "tokens", "loss");

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final SparkSession spark;
  private final String warehouse;
  private final String baseline;
  private final String runId;

  /**
   * @param baseline the family with whose exponents the others are compared
   */
  ScalingJob(SparkSession spark, String warehouse, String baseline, String runId) {
    this.spark = spark;
    this.warehouse = warehouse;
    this.baseline = baseline;
    this.runId = runId;
  }

  /** Writes the table and returns the laws. */
  ScalingSummary run(List<String> inputs) throws IOException {
    JavaRDD<ScalingPoint> points = points(inputs).cache();
    List<ScalingPoint> wrong =
        points.filter(point -> !(point.parameters() > 1 && point.loss() > 0)).take(1);
    if (!wrong.isEmpty()) {
      throw wrong(inputs, "parameters or loss are not valid in " + wrong.get(0), "Correct the row");
    }
    List<FittedLaw> laws =
        new ArrayList<>(
            points
                .groupBy(point -> List.of(point.family(), point.benchmark()))
                .values()
                .map(FittedLaw::of)
                .collect());
    laws.sort(Comparator.comparing(FittedLaw::benchmark).thenComparing(FittedLaw::family));
    laws.stream()
        .filter(law -> law.law() == null)
        .findFirst()
        .ifPresent(
            law -> {
              throw wrong(
                  inputs,
                  "%s on %s has fewer than %d sizes"
                      .formatted(law.family(), law.benchmark(), ScalingLaw.LEAST_POINTS),
                  "Add runs, or remove the family");
            });
    Map<String, ScalingLaw> base =
        laws.stream()
            .filter(law -> law.family().equals(baseline))
            .collect(Collectors.toMap(FittedLaw::benchmark, FittedLaw::law));
    if (base.isEmpty()) {
      Set<String> families =
          laws.stream().map(FittedLaw::family).collect(Collectors.toCollection(TreeSet::new));
      throw InvalidInputException.of(
          "--baseline " + baseline, "no run belongs to it", "The families are " + families);
    }
    SmallTable.write(
        laws.stream().map(law -> row(law, base.get(law.benchmark()))).toList(),
        ScalingTables.SCALING_LAWS,
        warehouse + "/" + ScalingTables.SCALING_LAWS.name());
    return new ScalingSummary(laws, base, baseline);
  }

  private JavaRDD<ScalingPoint> points(List<String> inputs) throws IOException {
    List<String> files = new ArrayList<>();
    for (InputFile file : InputFile.list(inputs)) {
      files.add(parquet(file));
    }
    Dataset<Row> rows;
    try {
      rows =
          SparkTables.reader(spark)
              .parquet(files.toArray(String[]::new))
              .selectExpr(
                  "string(family) as family",
                  "string(benchmark) as benchmark",
                  "double(parameters) as parameters",
                  "double(tokens) as tokens",
                  "double(loss) as loss");
    } catch (Exception e) {
      // Spark throws checked exceptions here as well, although these methods declare none.
      throw StaleChecksum.of(e).orElseGet(() -> noSuchParquet(String.join(" ", inputs), e));
    }
    return rows.na()
        .drop(new String[] {"family", "benchmark", "parameters", "loss"})
        .javaRDD()
        .map(
            row ->
                new ScalingPoint(
                    row.getAs("family"),
                    row.getAs("benchmark"),
                    row.<Double>getAs("parameters"),
                    row.getAs("tokens"),
                    row.<Double>getAs("loss")));
  }

  /**
   * The file's path. Files that are not Parquet are detected here, because Spark prints what a task
   * throws.
   */
  private static String parquet(InputFile input) throws IOException {
    TraceFile file = new StoredFile(input.path());
    String name = input.path().substring(input.path().lastIndexOf('/') + 1);
    if (name.contains(":")) {
      throw InvalidInputException.of(
          file.path(), "Spark cannot read a file with a colon in its name", "Rename it");
    }
    byte[] head = TraceFiles.inspect(file).head();
    if (head.length < MAGIC.length || Arrays.mismatch(MAGIC, head) != MAGIC.length) {
      throw noSuchParquet(file.path(), null);
    }
    return input.path();
  }

  private static InvalidInputException noSuchParquet(String where, Exception cause) {
    return InvalidInputException.of(
        where, "not Parquet with the columns " + COLUMNS, "Write a file with these columns", cause);
  }

  private static InvalidInputException wrong(List<String> inputs, String problem, String remedy) {
    return InvalidInputException.of(String.join(" ", inputs), problem, remedy);
  }

  private ScalingLawRow row(FittedLaw fitted, ScalingLaw base) {
    ScalingLaw law = fitted.law();
    Estimate gain = base == null || fitted.family().equals(baseline) ? null : law.gainOver(base);
    return new ScalingLawRow(
        fitted.benchmark(),
        law.points(),
        law.exponent(),
        law.exponentInterval().low(),
        law.exponentInterval().high(),
        law.intercept(),
        law.interceptInterval().low(),
        law.interceptInterval().high(),
        law.residual(),
        gain == null ? null : baseline,
        gain == null ? null : gain.value(),
        gain == null ? null : gain.low(),
        gain == null ? null : gain.high(),
        runId,
        fitted.family());
  }
}
