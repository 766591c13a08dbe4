package io.sextant.numerics.damage;

import java.util.ArrayList;
import java.util.List;

/**
 * A policy's predictions compared with outcomes that no model was fitted to.
 *
 * @param judged outcomes with the predictions of the fitted model
 * @param order rank correlation of rises and damage
 */
public record HeldOut(PruningPolicy policy, List<JudgedPlan> judged, RankCorrelation order) {
  /** Minimum number of outcomes for a rank correlation. */
  private static final int LEAST_OUTCOMES = 3;

  /**
   * Compares each model with the outcomes of its policy, if there are at least three.
   *
   * @param outcomes outcomes that no model was fitted to
   * @param fullLoss mean loss of the full model
   */
  public static List<HeldOut> of(
      List<PolicyModel> models,
      List<PruningOutcome> outcomes,
      PlanDamage damages,
      double fullLoss) {
    List<HeldOut> checked = new ArrayList<>();
    for (PolicyModel model : models) {
      List<PruningOutcome> ofPolicy =
          outcomes.stream()
              .filter(outcome -> outcome.policy() == model.policy() && !outcome.full())
              .toList();
      if (ofPolicy.size() >= LEAST_OUTCOMES) {
        checked.add(of(model, ofPolicy, damages, fullLoss));
      }
    }
    return checked;
  }

  private static HeldOut of(
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

  /** Number of prediction intervals that contain the measured rise. */
  public long covered() {
    return judged.stream()
        .filter(
            plan -> plan.rise() >= plan.predicted().low() && plan.rise() <= plan.predicted().high())
        .count();
  }
}
