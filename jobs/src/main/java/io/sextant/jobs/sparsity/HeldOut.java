package io.sextant.jobs.sparsity;

import java.util.ArrayList;
import java.util.List;

/**
 * How a policy's predictions did on outcomes that no model has seen.
 *
 * @param judged with the predictions of the model of all fitted plans
 * @param order of rises and predictions; of rises and damage where the policy is within noise
 */
record HeldOut(PruningPolicy policy, List<JudgedPlan> judged, RankCorrelation order) {

  static HeldOut of(
      PolicyModel model, List<PruningOutcome> outcomes, PlanDamage damages, double fullLoss) {
    List<JudgedPlan> judged = new ArrayList<>();
    for (PruningOutcome outcome : outcomes) {
      double damage = damages.of(outcome);
      judged.add(new JudgedPlan(outcome, damage, outcome.loss() - fullLoss, model.predict(damage)));
    }
    return new HeldOut(
        model.policy(),
        judged,
        RankCorrelation.of(
            judged.stream().mapToDouble(JudgedPlan::damage).toArray(),
            judged.stream().mapToDouble(JudgedPlan::rise).toArray()));
  }

  /** How many intervals hold what came true. */
  long covered() {
    return judged.stream()
        .filter(
            plan -> plan.rise() >= plan.predicted().low() && plan.rise() <= plan.predicted().high())
        .count();
  }
}
