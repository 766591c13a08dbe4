package io.sextant.jobs.sparsity;

import io.sextant.numerics.damage.DamageModel;
import io.sextant.numerics.damage.HeldOut;
import io.sextant.numerics.damage.JudgedPlan;
import io.sextant.numerics.damage.LayerLosses;
import io.sextant.numerics.damage.PolicyModel;
import io.sextant.numerics.damage.RankCorrelation;
import io.sextant.numerics.pruning.DensityPlanner;
import io.sextant.numerics.pruning.PruningGain;
import io.sextant.numerics.stream.StreamPlan;
import io.sextant.numerics.stream.WindowPlan;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.table.SparsityTables.ImportanceWindowRow;
import io.sextant.schema.table.SparsityTables.PruningOutcomeRow;
import io.sextant.schema.table.SparsityTables.PruningPolicyRow;
import io.sextant.schema.table.SparsityTables.SparsityPlanRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The results of a run as rows of the tables. */
record SparsityRows(String model, String runId) {

  List<ImportanceWindowRow> importance(List<LayerLosses> layers) {
    List<ImportanceWindowRow> rows = new ArrayList<>();
    for (LayerLosses layer : layers) {
      int windows = layer.trace().windows().length;
      for (int window = 1; window < windows; window++) {
        for (int i = 0; i < layer.widths().length; i++) {
          rows.add(
              new ImportanceWindowRow(
                  layer.trace().layer(),
                  window,
                  layer.widths()[i],
                  layer.trace().neurons(),
                  layer.trace().total(window),
                  layer.lost()[window][i],
                  runId,
                  model));
        }
      }
    }
    return rows;
  }

  List<PruningOutcomeRow> outcomes(List<PolicyModel> models, List<HeldOut> heldOut) {
    List<PruningOutcomeRow> rows = new ArrayList<>();
    models.forEach(fitted -> fitted.judged().forEach(plan -> rows.add(outcome(plan, "left out"))));
    heldOut.forEach(check -> check.judged().forEach(plan -> rows.add(outcome(plan, "held out"))));
    return rows;
  }

  private PruningOutcomeRow outcome(JudgedPlan plan, String use) {
    Estimate predicted = plan.predicted();
    return new PruningOutcomeRow(
        plan.outcome().plan(),
        plan.outcome().policy().id(),
        plan.outcome().densities().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("; ")),
        use,
        plan.outcome().loss(),
        plan.rise(),
        plan.damage(),
        predicted == null ? null : predicted.value(),
        predicted == null ? null : predicted.low(),
        predicted == null ? null : predicted.high(),
        runId,
        model);
  }

  List<PruningPolicyRow> policies(List<PolicyModel> models) {
    List<PruningPolicyRow> rows = new ArrayList<>();
    for (PolicyModel fitted : models) {
      rows.add(
          new PruningPolicyRow(
              fitted.policy().id(),
              fitted.verdict(),
              fitted.judged().size(),
              fitted.order().rho(),
              fitted.order().chance(),
              fitted.leftOut().map(RankCorrelation::rho).orElse(null),
              fitted.shift().value(),
              fitted.shift().low(),
              fitted.shift().high(),
              fitted.spread(),
              fitted.noise().standardDeviation(),
              fitted.model().map(DamageModel::scale).orElse(null),
              fitted.model().map(DamageModel::residual).orElse(null),
              runId,
              model));
    }
    return rows;
  }

  List<SparsityPlanRow> plans(List<StreamPlan> plans, DensityPlanner planner, PruningGain gain) {
    List<SparsityPlanRow> rows = new ArrayList<>();
    List<String> layers = planner.layers();
    for (StreamPlan plan : plans) {
      for (WindowPlan window : plan.windows()) {
        Estimate rise = plan.model().predict(window.damage());
        for (int layer = 0; layer < layers.size(); layer++) {
          rows.add(
              new SparsityPlanRow(
                  plan.model().policy().id(),
                  window.window(),
                  layers.get(layer),
                  window.plan().kept().get(layer),
                  planner.neurons(layer),
                  window.replaced().get(layer),
                  window.lost().get(layer),
                  window.action(),
                  rise.value(),
                  rise.low(),
                  rise.high(),
                  window.plan().time().median(),
                  gain.full().median(),
                  runId,
                  model));
        }
      }
    }
    return rows;
  }
}
