package io.sextant.jobs.report;

import io.sextant.jobs.plan.PlanFolder;
import io.sextant.jobs.report.data.ReportData;
import io.sextant.jobs.report.data.ReportData.PlacementSummary;
import io.sextant.jobs.report.data.Section;
import io.sextant.jobs.report.figures.ShownRun;
import io.sextant.jobs.report.figures.ShownRun.DescribedMap;
import io.sextant.jobs.report.figures.WarehouseTables;
import io.sextant.jobs.spark.RecordedDescriptions;
import io.sextant.jobs.storage.StorageFault;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CompleteFile;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlanId;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Writes the report of a model: one HTML file that needs no network. */
public final class ReportJob {
  private final SparkSession spark;
  private final String warehouse;
  private final ModelSpec model;
  private final Optional<Path> placementMap;
  private Optional<Section<ShownRun>> known = Optional.empty();

  /**
   * @param warehouse folder of the tables, on any file system Hadoop knows
   * @param placementMap the map that is deployed, or the folder to which solve wrote it, which the
   *     page describes. The figures are those of the run that made it, from the table {@code
   *     placement_metrics}; without a map, of the last run
   */
  public ReportJob(
      SparkSession spark, String warehouse, ModelSpec model, Optional<Path> placementMap) {
    this.spark = spark;
    this.warehouse = warehouse;
    this.model = model;
    this.placementMap = placementMap;
  }

  /**
   * Shows the plans of this run, whatever the map in force.
   *
   * @param packaging name of the packaging that the run planned for
   */
  public ReportJob ofRun(String id, String packaging) {
    known = Optional.of(ShownRun.ofRun(id, packaging));
    return this;
  }

  /**
   * Writes the complete page or nothing. Figures of a missing table are "not available" on it.
   *
   * @return the headline
   * @throws InvalidInputException if there is no such warehouse, no table has a row of the model,
   *     the map cannot be read or the file cannot be written
   */
  public String write(Path html) {
    Optional<DescribedMap> map = placementMap.map(PlanFolder::placement).map(this::described);
    ReportData data =
        new ReportReader(spark, warehouse, model).read(placement(map), tables -> run(tables, map));
    String page =
        ReportPage.of(
            data, RecordedDescriptions.text(spark, warehouse, model.name(), shownRun(data)));
    Path target = html.toAbsolutePath();
    try {
      Files.createDirectories(target.getParent());
      CompleteFile.write(target, page);
    } catch (IOException e) {
      throw InvalidInputException.of(
          html.toString(),
          "cannot be written: " + StorageFault.why(e),
          "Give --out a file in a folder you own",
          e);
    }
    return data.headline();
  }

  private static String shownRun(ReportData data) {
    return data.traffic().available() ? data.traffic().value().runId() : "";
  }

  private Section<ShownRun> run(WarehouseTables tables, Optional<DescribedMap> map) {
    if (known.isPresent()) {
      return known.get();
    }
    return map.map(of -> ShownRun.ofMap(tables, of)).orElseGet(() -> ShownRun.last(tables));
  }

  private DescribedMap described(Path file) {
    return new DescribedMap(
        file.getFileName().toString(), PlacementMaps.read(file, model), PlacementMaps.origin(file));
  }

  private Section<PlacementSummary> placement(Optional<DescribedMap> map) {
    return map.map(of -> Section.of(summary(of)))
        .orElse(Section.missing("no --placement was given"));
  }

  private PlacementSummary summary(DescribedMap described) {
    PlacementMap map = described.map();
    int replicated = 0;
    for (int[] slots : map.physicalToLogical()) {
      int[] copies = new int[map.experts()];
      for (int expert : slots) {
        copies[expert]++;
      }
      replicated += (int) Arrays.stream(copies).filter(count -> count > 1).count();
    }
    return new PlacementSummary(
        described.file(),
        described.id().map(PlanId::value).orElse(null),
        placementMap
            .map(PlanFolder::placement)
            .flatMap(PlacementMaps::plannedFor)
            .map(PlannedFor::serving)
            .orElse(null),
        map.slots(0),
        replicated);
  }
}
