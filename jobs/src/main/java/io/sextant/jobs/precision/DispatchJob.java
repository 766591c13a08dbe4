package io.sextant.jobs.precision;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.jobs.table.SmallTable;
import io.sextant.numerics.dispatch.Accuracy;
import io.sextant.numerics.dispatch.Choice;
import io.sextant.numerics.dispatch.GlobalDispatch;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.dispatch.RepeatedRuns;
import io.sextant.numerics.dispatch.Requirement;
import io.sextant.numerics.dispatch.SiteDispatch;
import io.sextant.schema.file.CompleteFile;
import io.sextant.schema.table.KernelTables;
import io.sextant.schema.table.KernelTables.DispatchRow;
import io.sextant.schema.table.KernelTables.KernelRunRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** Chooses kernels from measurements, and stores both in the warehouse. */
final class DispatchJob {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final SparkSession spark;
  private final String warehouse;
  private final Requirement requirement;
  private final OptionalDouble errorBudget;
  private final String runId;

  DispatchJob(
      SparkSession spark,
      String warehouse,
      Requirement requirement,
      OptionalDouble errorBudget,
      String runId) {
    this.spark = spark;
    this.warehouse = warehouse;
    this.requirement = requirement;
    this.errorBudget = errorBudget;
    this.runId = runId;
  }

  /**
   * Writes tables and files, and returns the speedups.
   *
   * @param figures the measurements, of one device
   */
  DispatchSummary run(List<KernelFigures> figures, Path out) throws IOException {
    Map<String, List<KernelFigures>> byModel = new LinkedHashMap<>();
    figures.forEach(
        run -> byModel.computeIfAbsent(run.model(), name -> new ArrayList<>()).add(run));
    List<DispatchRow> rows = new ArrayList<>();
    String device = figures.get(0).device();
    DispatchSummary summary = new DispatchSummary(device);
    Files.createDirectories(out);
    for (Map.Entry<String, List<KernelFigures>> entry : byModel.entrySet()) {
      String model = entry.getKey();
      Accuracy accuracy = ProbedAccuracy.of(spark, warehouse, model);
      SiteDispatch site = new SiteDispatch(requirement, accuracy);
      Map<Integer, List<List<KernelFigures>>> measured = byTokens(entry.getValue());
      Map<Integer, List<List<KernelFigures>>> byTokens = new TreeMap<>();
      measured.forEach(
          (tokens, products) ->
              byTokens.put(tokens, products.stream().map(RepeatedRuns::pooled).toList()));
      Map<Integer, List<Choice>> alone = new TreeMap<>();
      byTokens.forEach(
          (tokens, products) -> alone.put(tokens, products.stream().map(site::choose).toList()));
      alone.values().forEach(choices -> choices.forEach(c -> rows.add(row(c, "site"))));
      Map<Integer, List<Choice>> together = new TreeMap<>();
      if (errorBudget.isPresent()) {
        GlobalDispatch global = new GlobalDispatch(site, errorBudget.getAsDouble());
        byTokens.forEach((tokens, products) -> together.put(tokens, global.choose(products)));
        together.values().forEach(choices -> choices.forEach(c -> rows.add(row(c, "global"))));
      }
      Map<Choice, Certainty> certainty = Certainty.of(site, measured, alone);
      summary.add(model, byTokens, alone, together);
      summary.addCertainty(alone, certainty);
      CompleteFile.write(
          out.resolve(model + ".dispatch.json"),
          JSON.writeValueAsBytes(DispatchJson.of(device, alone, together, certainty)));
      CompleteFile.write(
          out.resolve(model + ".torchao.json"), JSON.writeValueAsBytes(TorchaoMap.of(alone)));
    }
    SmallTable.write(
        figures.stream().map(this::row).toList(),
        KernelTables.KERNEL_RUNS,
        warehouse + "/" + KernelTables.KERNEL_RUNS.name());
    SmallTable.write(rows, KernelTables.DISPATCH, warehouse + "/" + KernelTables.DISPATCH.name());
    return summary;
  }

  /**
   * The kernels of each product by number of tokens, with the products in the order of the file.
   */
  private static Map<Integer, List<List<KernelFigures>>> byTokens(List<KernelFigures> figures) {
    Map<Integer, Map<String, List<KernelFigures>>> grouped = new TreeMap<>();
    for (KernelFigures run : figures) {
      grouped
          .computeIfAbsent(run.tokens(), tokens -> new LinkedHashMap<>())
          .computeIfAbsent(run.site(), site -> new ArrayList<>())
          .add(run);
    }
    Map<Integer, List<List<KernelFigures>>> products = new TreeMap<>();
    grouped.forEach((tokens, sites) -> products.put(tokens, List.copyOf(sites.values())));
    return products;
  }

  private DispatchRow row(Choice choice, String mode) {
    KernelFigures kernel = choice.kernel();
    return new DispatchRow(
        mode,
        kernel.site(),
        kernel.tokens(),
        kernel.recipe(),
        kernel.library(),
        kernel.endToEndUs(),
        choice.bf16().endToEndUs(),
        choice.speedup(),
        choice.error(),
        kernel.device(),
        String.join(
            "; ",
            choice.losers().stream()
                .map(loser -> loser.kernel().title() + ": " + loser.reason())
                .toList()),
        runId,
        kernel.model());
  }

  private KernelRunRow row(KernelFigures run) {
    return new KernelRunRow(
        run.site(),
        run.out(),
        run.k(),
        run.tokens(),
        run.recipe(),
        run.library(),
        run.device(),
        run.algorithm(),
        run.algorithmsTried(),
        run.algorithmsWrong(),
        run.matmulUs(),
        run.endToEndUs(),
        run.endToEndLowUs(),
        run.endToEndHighUs(),
        run.relativeFrobenius(),
        run.sqnrDb(),
        run.calcDiff(),
        run.mere(),
        run.mereFloor(),
        run.mereCount(),
        run.refusal(),
        runId,
        run.model());
  }
}
