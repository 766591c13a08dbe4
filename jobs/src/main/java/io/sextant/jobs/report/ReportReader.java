package io.sextant.jobs.report;

import io.sextant.jobs.report.data.PlanData.Decided;
import io.sextant.jobs.report.data.PlanData.Traffic;
import io.sextant.jobs.report.data.PrecisionData.Kernel;
import io.sextant.jobs.report.data.PrecisionData.Product;
import io.sextant.jobs.report.data.ReportData;
import io.sextant.jobs.report.data.ReportData.Days;
import io.sextant.jobs.report.data.ReportData.PlacementSummary;
import io.sextant.jobs.report.data.ReportData.Traces;
import io.sextant.jobs.report.data.RoutingData.Load;
import io.sextant.jobs.report.data.Section;
import io.sextant.jobs.report.figures.CorrelationFigures;
import io.sextant.jobs.report.figures.DecisionFigures;
import io.sextant.jobs.report.figures.LinkFigures;
import io.sextant.jobs.report.figures.LoadFigures;
import io.sextant.jobs.report.figures.MapFigures;
import io.sextant.jobs.report.figures.MoveFigures;
import io.sextant.jobs.report.figures.PrecisionFigures;
import io.sextant.jobs.report.figures.PriceFigures;
import io.sextant.jobs.report.figures.ShownRun;
import io.sextant.jobs.report.figures.SimilarityFigures;
import io.sextant.jobs.report.figures.TrafficFigures;
import io.sextant.jobs.report.figures.WarehouseTables;
import io.sextant.jobs.window.Evidence;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Reads the data of the report from the tables of a warehouse. */
final class ReportReader {
  private final String warehouse;
  private final ModelSpec model;
  private final WarehouseTables tables;

  ReportReader(SparkSession spark, String warehouse, ModelSpec model) {
    this.warehouse = warehouse;
    this.model = model;
    this.tables = new WarehouseTables(spark, warehouse, model.name());
  }

  /**
   * @param chosen chooses the run whose plans are shown
   * @throws InvalidInputException if no table has a row of the model
   */
  ReportData read(
      Section<PlacementSummary> placement, Function<WarehouseTables, Section<ShownRun>> chosen) {
    LoadFigures loads = new LoadFigures(tables, model);
    TrafficFigures traffics = new TrafficFigures(tables, model);
    SimilarityFigures similarities = new SimilarityFigures(tables);
    PrecisionFigures precision = new PrecisionFigures(tables);
    CorrelationFigures correlations = new CorrelationFigures(tables, model);

    Section<Traces> traces = traffics.traces();
    Section<ShownRun> run = chosen.apply(tables);
    Section<Traffic> traffic = over(run, traffics::traffic);
    Section<Days> window = loads.window();
    Section<List<Product>> products = precision.products();
    Section<List<Kernel>> kernels = precision.kernels();
    if (Stream.of(traces, traffic, window, products, kernels).noneMatch(Section::available)) {
      Evidence.requireWarehouse(warehouse); // It was there when the command began.
      throw InvalidInputException.of(
          warehouse,
          "no table has a row of model " + model.name(),
          "Run ingest and analyze with --model %s first".formatted(model.name()));
    }
    Section<Load> load = over(window, loads::load);
    Section<Decided> decision = over(traffic, new DecisionFigures(tables)::decision);
    return new ReportData(
        model.name(),
        model.moeLayers(),
        model.experts(),
        model.topK(),
        Headline.of(model.name(), traffic, decision, load),
        Headline.sentence(decision)
            .orElseGet(() -> Headline.of(model.name(), traffic, decision, load)),
        Headline.why(decision),
        decision,
        window,
        traces,
        traffic,
        over(traffic, new LinkFigures(tables)::links),
        over(traffic, new MoveFigures(tables, model)::moves),
        placement,
        load,
        over(window, loads::imbalance),
        over(window, correlations::correlation),
        over(window, similarities::domains),
        over(window, similarities::drift),
        new PriceFigures(tables).prices(),
        over(run, new MapFigures(tables, model)::map),
        products,
        precision.mostError().orElse(null),
        kernels);
  }

  private static <S, T> Section<T> over(Section<S> what, Function<S, Section<T>> figures) {
    return what.available() ? figures.apply(what.value()) : Section.missing(what.note());
  }
}
