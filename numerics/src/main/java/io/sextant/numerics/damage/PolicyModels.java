package io.sextant.numerics.damage;

import io.sextant.schema.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** Fits the models of all policies that have outcomes. */
public final class PolicyModels {
  private static final int LEAST_PLANS = 6;

  private PolicyModels() {}

  /**
   * Fits one model per policy.
   *
   * @param file name of the file with the outcomes, for messages
   * @throws InvalidInputException if there is no outcome of the full model, a policy has fewer than
   *     six plans that prune, or outcomes start pruning in different windows
   */
  public static List<PolicyModel> of(
      String file, List<PruningOutcome> outcomes, PlanDamage damages) {
    int from = outcomes.get(0).prunedFrom();
    if (outcomes.stream().anyMatch(outcome -> outcome.prunedFrom() != from)) {
      throw InvalidInputException.of(
          file, "outcomes begin to prune in different windows", "Give those of one window");
    }
    double fullLoss = fullLoss(file, outcomes);
    RunNoise noise = RunNoise.of(outcomes);
    List<PolicyModel> models = new ArrayList<>();
    for (PruningPolicy policy : PruningPolicy.values()) {
      List<PruningOutcome> pruned =
          outcomes.stream()
              .filter(outcome -> outcome.policy() == policy && !outcome.full())
              .toList();
      if (pruned.isEmpty()) {
        continue;
      }
      if (pruned.stream().map(PruningOutcome::densities).distinct().count() < LEAST_PLANS) {
        throw InvalidInputException.of(
            file,
            "fewer than %d different plans of %s prune".formatted(LEAST_PLANS, policy.id()),
            "Add outcomes, or leave the policy out");
      }
      models.add(PolicyModel.of(policy, pruned, damages, fullLoss, noise));
    }
    if (models.isEmpty()) {
      throw InvalidInputException.of(file, "no plan prunes anything", "Add outcomes that do");
    }
    return models;
  }

  /** Mean loss of the outcomes without pruning. */
  public static double fullLoss(String file, List<PruningOutcome> outcomes) {
    return outcomes.stream()
        .filter(PruningOutcome::full)
        .mapToDouble(PruningOutcome::loss)
        .average()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    file, "no plan keeps everything", "Add the outcome with all densities 1"));
  }
}
