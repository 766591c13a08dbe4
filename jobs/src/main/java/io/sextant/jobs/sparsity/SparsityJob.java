package io.sextant.jobs.sparsity;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.table.SmallTable;
import io.sextant.numerics.damage.HeldOut;
import io.sextant.numerics.damage.LayerLosses;
import io.sextant.numerics.damage.PlanDamage;
import io.sextant.numerics.damage.PolicyModel;
import io.sextant.numerics.damage.PolicyModels;
import io.sextant.numerics.damage.PruningOutcome;
import io.sextant.numerics.damage.PruningOutcomes;
import io.sextant.numerics.pruning.DensityPlanner;
import io.sextant.numerics.pruning.ImportanceTrace;
import io.sextant.numerics.pruning.LayerChain;
import io.sextant.numerics.pruning.PruningGain;
import io.sextant.numerics.pruning.ShapeTimes;
import io.sextant.numerics.stream.StreamPlan;
import io.sextant.numerics.stream.WindowPlanner;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.table.SparsityTables;
import io.sextant.schema.table.TableDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Fits the cost of pruning to outcomes and plans a stream with it, with one Spark task per layer.
 */
final class SparsityJob {
  private final SparkSession spark;
  private final String warehouse;
  private final SparsityRows rows;
  private final Progress progress;

  SparsityJob(SparkSession spark, String warehouse, SparsityRows rows, Progress progress) {
    this.spark = spark;
    this.warehouse = warehouse;
    this.rows = rows;
    this.progress = progress;
  }

  /**
   * Writes the tables and returns the results.
   *
   * @param heldOut file of outcomes that are only predicted; null if there is none
   */
  SparsityReport run(SparsitySettings settings, String importance, String outcomes, String heldOut)
      throws IOException {
    List<ImportanceTrace> traces = SparsityInputs.importance(importance, settings.chains());
    ShapeTimes times = SparsityInputs.times(settings.times(), settings.tokens());
    DensityPlanner planner = new DensityPlanner(settings.chains(), settings.densities(), times);
    int windows = traces.get(0).windows().length;
    TraceFile outcomesFile = SparsityInputs.file(outcomes);
    List<PruningOutcome> seen = PruningOutcomes.read(outcomesFile, planner.layers(), windows);
    List<PruningOutcome> unseen =
        heldOut == null
            ? List.of()
            : PruningOutcomes.read(SparsityInputs.file(heldOut), planner.layers(), windows);
    List<PruningOutcome> all = new ArrayList<>(seen);
    all.addAll(unseen);
    List<LayerLosses> losses = losses(traces, planner, all);
    progress.say("%d layers, %d windows, %d outcomes", traces.size(), windows, all.size());

    PlanDamage damages = new PlanDamage(losses);
    List<PolicyModel> models = PolicyModels.of(outcomesFile.path(), seen, damages);
    double fullLoss = PolicyModels.fullLoss(outcomesFile.path(), seen);
    List<HeldOut> checked = HeldOut.of(models, unseen, damages, fullLoss);
    PruningGain gain = PruningGain.of(planner, settings.budget(), settings.leastSpeedup());
    WindowPlanner stream =
        new WindowPlanner(planner, losses, gain.budgetMicros(), settings.hysteresis());
    int from = seen.get(0).prunedFrom();
    List<StreamPlan> plans =
        gain.pays()
            ? models.stream()
                .map(model -> StreamPlan.of(model, stream.plan(model.policy(), from)))
                .toList()
            : List.of();

    write(rows.importance(losses), SparsityTables.IMPORTANCE_WINDOWS);
    write(rows.outcomes(models, checked), SparsityTables.PRUNING_OUTCOMES);
    write(rows.policies(models), SparsityTables.PRUNING_POLICIES);
    write(rows.plans(plans, planner, gain), SparsityTables.SPARSITY_PLANS);
    return new SparsityReport(times.device(), settings, planner, gain, models, checked, plans);
  }

  private List<LayerLosses> losses(
      List<ImportanceTrace> traces, DensityPlanner planner, List<PruningOutcome> outcomes) {
    List<LayerLosses> asked = new ArrayList<>();
    for (int layer = 0; layer < traces.size(); layer++) {
      ImportanceTrace trace = traces.get(layer);
      DoubleStream ofOutcomes =
          outcomes.stream().mapToDouble(outcome -> outcome.densities().get(trace.layer()));
      int[] widths =
          IntStream.concat(
                  Arrays.stream(planner.widths(layer)),
                  ofOutcomes.mapToInt(density -> LayerChain.kept(density, trace.neurons())))
              .sorted()
              .distinct()
              .toArray();
      asked.add(new LayerLosses(trace, widths, new double[0][]));
    }
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(asked, asked.size())
        .map(layer -> LayerLosses.of(layer.trace(), layer.widths()))
        .collect();
  }

  private <R extends Record> void write(List<R> tableRows, TableDefinition<R> table) {
    SmallTable.write(tableRows, table, warehouse + "/" + table.name());
  }
}
