package io.sextant.numerics.damage;

import io.sextant.schema.stats.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import smile.stat.distribution.TDistribution;

/**
 * Model of the rise of the loss under one pruning policy.
 *
 * <p>The rises are within noise if lost importance does not order them (permutation test at 5 %)
 * and their spread is at most twice that of equal runs. Then their mean is the prediction for every
 * plan.
 *
 * @param judged all plans that prune neurons, with leave-one-out predictions
 * @param order rank correlation of the rises and the damage
 * @param shift mean rise, with the prediction interval of one run
 * @param spread standard deviation of the rises
 * @param noise difference between equal runs
 * @param model model of the rises; empty if they are within noise
 * @param leftOut rank correlation of the rises and the leave-one-out predictions; empty if they are
 *     within noise
 */
public record PolicyModel(
    PruningPolicy policy,
    List<JudgedPlan> judged,
    RankCorrelation order,
    Estimate shift,
    double spread,
    RunNoise noise,
    Optional<DamageModel> model,
    Optional<RankCorrelation> leftOut) {
  private static final double SIGNIFICANT = 0.05;
  private static final double NOISY = 2;
  private static final double CONFIDENCE = 0.975;

  /**
   * Fits a policy.
   *
   * @param outcomes outcomes of this policy's plans that prune neurons; at least five different
   *     plans
   * @param fullLoss mean loss of the full model
   */
  static PolicyModel of(
      PruningPolicy policy,
      List<PruningOutcome> outcomes,
      PlanDamage damages,
      double fullLoss,
      RunNoise noise) {
    double[] damage = outcomes.stream().mapToDouble(damages::of).toArray();
    double[] rise = outcomes.stream().mapToDouble(outcome -> outcome.loss() - fullLoss).toArray();
    RankCorrelation order = RankCorrelation.of(damage, rise);
    double spread = Spread.of(rise);
    boolean within = order.chance() >= SIGNIFICANT && spread <= NOISY * noise.standardDeviation();
    List<JudgedPlan> judged = new ArrayList<>();
    double[] leftOut = new double[rise.length];
    for (int i = 0; i < rise.length; i++) {
      Estimate predicted = null;
      if (!within) {
        predicted = without(outcomes.get(i), outcomes, damage, rise, noise).predict(damage[i]);
        leftOut[i] = predicted.value();
      }
      judged.add(new JudgedPlan(outcomes.get(i), damage[i], rise[i], predicted));
    }
    return new PolicyModel(
        policy,
        judged,
        order,
        shift(rise, spread),
        spread,
        noise,
        within
            ? Optional.empty()
            : Optional.of(DamageModel.fit(damage, rise, noise.standardDeviation())),
        within ? Optional.empty() : Optional.of(RankCorrelation.of(leftOut, rise)));
  }

  /** The model fitted to all plans whose densities differ from this one's. */
  private static DamageModel without(
      PruningOutcome left,
      List<PruningOutcome> outcomes,
      double[] damage,
      double[] rise,
      RunNoise noise) {
    int[] others = new int[damage.length];
    int count = 0;
    for (int i = 0; i < damage.length; i++) {
      if (!outcomes.get(i).densities().equals(left.densities())) {
        others[count++] = i;
      }
    }
    double[] damageOfOthers = new double[count];
    double[] riseOfOthers = new double[count];
    for (int i = 0; i < count; i++) {
      damageOfOthers[i] = damage[others[i]];
      riseOfOthers[i] = rise[others[i]];
    }
    return DamageModel.fit(damageOfOthers, riseOfOthers, noise.standardDeviation());
  }

  private static Estimate shift(double[] rise, double spread) {
    double mean = Spread.mean(rise);
    double half =
        new TDistribution(rise.length - 1).quantile(CONFIDENCE)
            * spread
            * Math.sqrt(1 + 1.0 / rise.length);
    return new Estimate(mean, mean - half, mean + half);
  }

  /** Whether the rises are within noise, so that plans cannot be distinguished. */
  boolean withinNoise() {
    return model.isEmpty();
  }

  /** The predicted rise at a damage. */
  public Estimate predict(double damage) {
    return model.map(fitted -> fitted.predict(damage)).orElse(shift);
  }

  /** Number of leave-one-out intervals that contain the measured rise. */
  public long covered() {
    return judged.stream()
        .filter(plan -> plan.predicted() != null)
        .filter(
            plan -> plan.rise() >= plan.predicted().low() && plan.rise() <= plan.predicted().high())
        .count();
  }

  /** The verdict in a few words. */
  public String verdict() {
    return withinNoise() ? "within noise" : "rises with lost importance";
  }
}
