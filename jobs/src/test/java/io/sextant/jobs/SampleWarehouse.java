package io.sextant.jobs;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.ingest.IngestJob;
import io.sextant.jobs.plan.PlanRun;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.Packagings;
import io.sextant.schema.spec.ServingProfiles;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.format.FormatChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * A warehouse with the first requests of two sample days, for tests of engines: plans are made from
 * day 7 and scored on day 8, on 4 x 8 GPUs.
 */
public final class SampleWarehouse {
  public static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  public static final ClusterSpec CLUSTER = ClusterSpecs.load("4x8-h200");
  public static final String PLANNED_DAY = "2026-09-13";
  public static final String SCORED_DAY = "2026-09-14";

  private static final int MICRO_BATCH_TOKENS = 64;
  private static final int DECODE_STEP_TOKENS = 16;

  private final SparkSession spark = TestSpark.session();
  private final Path folder;

  private SampleWarehouse(Path folder) {
    this.folder = folder;
  }

  /**
   * Ingests the days.
   *
   * @param requests number of requests of each day
   */
  public static SampleWarehouse of(Path folder, int requests) throws Exception {
    SampleWarehouse warehouse = new SampleWarehouse(folder);
    List<Path> packs = new ArrayList<>();
    for (String day : List.of("day07", "day08")) {
      packs.add(TestPacks.cut(folder, day, requests));
    }
    warehouse.ingest(packs);
    return warehouse;
  }

  /** Ingests files into a new warehouse. */
  public static SampleWarehouse of(Path folder, List<Path> files) throws Exception {
    SampleWarehouse warehouse = new SampleWarehouse(folder);
    warehouse.ingest(files);
    return warehouse;
  }

  private void ingest(List<Path> files) throws Exception {
    new IngestJob(spark, MODEL, folder(), "ingest", new Progress())
        .runOn(InputFile.list(files.stream().map(Path::toString).toList()), FormatChoice.DETECTED);
  }

  /** The first requests of a sample day, such as {@code day08}. */
  public static List<RequestTrace> requests(String day, int requests) throws Exception {
    Path pack = TestPacks.samples().resolve(day + ".safetensors.zst");
    return TestPacks.read(pack, MODEL).subList(0, requests);
  }

  public SparkSession spark() {
    return spark;
  }

  /** The warehouse's folder. */
  public String folder() {
    return folder.resolve("warehouse").toString();
  }

  /** The target to plan for. */
  public static PlanTarget target(int slots, Pool pool) {
    return new PlanTarget(
        MODEL,
        CLUSTER,
        PlanTarget.layout(MODEL, CLUSTER, slots),
        SourceNodes.of(CLUSTER, 8),
        ServingProfiles.load(ServingProfiles.DEFAULT)
            .withTokens(MICRO_BATCH_TOKENS, DECODE_STEP_TOKENS),
        pool,
        Packagings.load(Packagings.BF16));
  }

  /** Solver settings with little work, and a seed. */
  public static SolverSettings settings(PlanTarget target, long seed) {
    return SolverSettings.forSeconds(0.05, target.layout(), MODEL.experts(), seed);
  }

  /** The window of one day of the warehouse. */
  public TraceWindow day(String day, Pool pool) {
    return new TraceWindow(folder(), MODEL.name(), day, day, pool);
  }

  /** The run that plans on day 7 and scores on day 8. */
  public PlanRun run(PlanTarget target, String runId) {
    PlanWindows windows =
        new PlanWindows(day(PLANNED_DAY, target.pool()), day(SCORED_DAY, target.pool()), false);
    return new PlanRun(spark, target, windows, runId, new Progress());
  }

  /** Some columns of a table's rows as sorted lines of text, separated by spaces. */
  public List<String> rows(TableDefinition table, String where, String... columns)
      throws Exception {
    return SparkTables.read(spark, folder(), table)
        .orElseThrow()
        .where(where)
        .selectExpr(
            "concat_ws(' ', %s) as row"
                .formatted(
                    Stream.of(columns)
                        .map("cast(%s as string)"::formatted)
                        .collect(Collectors.joining(", "))))
        .as(Encoders.STRING())
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }
}
