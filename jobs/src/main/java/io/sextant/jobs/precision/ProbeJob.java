package io.sextant.jobs.precision;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.table.SmallTable;
import io.sextant.numerics.probe.Hazards;
import io.sextant.numerics.probe.KnownAlignments;
import io.sextant.numerics.probe.SiteProbe;
import io.sextant.numerics.probe.SiteSnapshots;
import io.sextant.numerics.probe.VerdictChange;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.UnusableSnapshot;
import io.sextant.schema.table.PrecisionTables;
import io.sextant.schema.table.TableDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Reads layer statistics with one task per file, and probes them with one task per site. Only the
 * table rows of the newest snapshot are sent to the driver.
 */
final class ProbeJob {
  private final SparkSession spark;
  private final String warehouse;
  private final ProbeRows rows;
  private final Hazards.Norm norm;
  private final boolean follow;
  private final Progress progress;

  /**
   * @param follow whether to replay the snapshots and return the changes of verdicts
   */
  ProbeJob(
      SparkSession spark,
      String warehouse,
      ProbeRows rows,
      Hazards.Norm norm,
      boolean follow,
      Progress progress) {
    this.spark = spark;
    this.warehouse = warehouse;
    this.rows = rows;
    this.norm = norm;
    this.follow = follow;
    this.progress = progress;
  }

  /** Writes the tables and returns the predictions of each product. */
  Probed run(List<String> inputs) {
    List<InputFile> files = InputFile.list(inputs);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    JavaRDD<LayerStatisticsFile> read =
        context
            .parallelize(files, files.size())
            .map(LayerStatisticsFile::read)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<InvalidInputException> faults =
          read.map(LayerStatisticsFile::fault).filter(Objects::nonNull).collect();
      if (!faults.isEmpty()) {
        throw faults.get(0);
      }
      JavaRDD<SiteSnapshots> sites =
          read.flatMap(file -> file.statistics().iterator())
              .groupBy(LayerStatistics::site)
              .values()
              .map(SiteSnapshots::of)
              .persist(StorageLevel.MEMORY_AND_DISK());
      Broadcast<KnownAlignments> alignments = context.broadcast(alignments(sites));
      Hazards.Norm follows = norm;
      Map<String, String> notJudged =
          notJudged(sites, read.flatMap(file -> file.unusable().iterator()).collect());
      Set<String> without = new HashSet<>(notJudged.keySet());
      List<SiteProbe> probes =
          new ArrayList<>(
              sites
                  .filter(site -> site.complete() && !without.contains(site.site()))
                  .map(site -> site.probe(alignments.value(), follows))
                  .collect());
      if (probes.isEmpty()) {
        throw notJudged.isEmpty()
            ? InvalidInputException.of(
                String.join(" ", inputs),
                "no site has statistics of both its activation and its weight",
                "Record both operands in the same snapshot")
            : InvalidInputException.of(
                String.join(" ", inputs),
                "no site can be judged: " + notJudged.values().iterator().next(),
                "Record a snapshot of a step whose values are finite and not all 0");
      }
      probes.sort(Comparator.comparing(SiteProbe::site, SiteOrder.NUMBERS_AS_NUMBERS));
      progress.say("read %d files, probed %d sites", files.size(), probes.size());
      ProbeRows kept = rows;
      write(
          sites.flatMap(site -> site.snapshots().stream().map(kept::statistics).iterator()),
          PrecisionTables.LAYER_STATS,
          "site",
          "operand",
          "step");
      write(
          sites.flatMap(site -> kept.drift(site).iterator()),
          PrecisionTables.LAYER_DRIFT,
          "site",
          "operand",
          "step_a");
      SmallTable.write(
          probes.stream().flatMap(probe -> rows.precision(probe).stream()).toList(),
          PrecisionTables.PRECISION_SITES,
          folder(PrecisionTables.PRECISION_SITES));
      progress.say("wrote the tables");
      return new Probed(
          probes,
          notJudged,
          follow ? changes(sites, alignments.value()) : null,
          WeightModels.of(context, files));
    } finally {
      read.unpersist();
    }
  }

  /**
   * Sites whose newest snapshot is not usable. An older snapshot is not used instead, because it
   * would hide what has changed since.
   */
  private static Map<String, String> notJudged(
      JavaRDD<SiteSnapshots> sites, List<UnusableSnapshot> unusable) {
    Map<String, String> reasons = new TreeMap<>(SiteOrder.NUMBERS_AS_NUMBERS);
    reasons.putAll(
        sites
            .filter(site -> site.complete() && site.obstacle().isPresent())
            .mapToPair(site -> new Tuple2<>(site.site(), site.obstacle().orElseThrow()))
            .collectAsMap());
    Map<String, Long> newest = new HashMap<>();
    sites
        .filter(SiteSnapshots::complete)
        .mapToPair(site -> new Tuple2<>(site.site(), site.newestStep()))
        .collect()
        .forEach(site -> newest.put(site._1(), site._2()));
    for (UnusableSnapshot one : unusable) {
      Long judged = newest.get(one.site());
      if (judged == null || one.step() >= judged) {
        reasons.put(one.site(), one.reason());
      }
    }
    return reasons;
  }

  private List<VerdictChange> changes(JavaRDD<SiteSnapshots> sites, KnownAlignments alignments) {
    Hazards.Norm follows = norm;
    double mostError = rows.mostError();
    List<VerdictChange> changes =
        new ArrayList<>(
            sites
                .flatMap(site -> site.changes(alignments, follows, mostError).iterator())
                .collect());
    changes.sort(
        Comparator.comparingLong(VerdictChange::step)
            .thenComparing(VerdictChange::site, SiteOrder.NUMBERS_AS_NUMBERS)
            .thenComparing(VerdictChange::recipe));
    return changes;
  }

  private static KnownAlignments alignments(JavaRDD<SiteSnapshots> sites) {
    return new KnownAlignments(
        sites
            .mapToPair(site -> new Tuple2<>(site.site(), site.alignment()))
            .filter(site -> !Double.isNaN(site._2()))
            .collectAsMap());
  }

  private <R extends Record> void write(
      JavaRDD<R> all, TableDefinition<R> table, String first, String... then) {
    SparkTables.writeSorted(spark, all.coalesce(1), table, folder(table), first, then);
  }

  private String folder(TableDefinition<?> table) {
    return warehouse + "/" + table.name();
  }
}
