package io.sextant.jobs.sparsity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.numerics.damage.DamageModel;
import io.sextant.numerics.damage.HeldOut;
import io.sextant.numerics.damage.JudgedPlan;
import io.sextant.numerics.damage.PolicyModel;
import io.sextant.numerics.stream.StreamPlan;
import io.sextant.numerics.stream.WindowPlan;
import io.sextant.schema.stats.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Formats the results of a run as a tree of JSON values. */
final class SparsityJson {
  private SparsityJson() {}

  static JsonNode of(SparsityReport report) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("device", report.device());
    root.put("tokens", report.settings().tokens());
    root.put("full_micros", report.gain().full().median());
    root.put("fastest_micros", report.gain().fastest().median());
    root.put("budget_micros", report.gain().budgetMicros());
    root.put("pruning_pays", report.gain().pays());
    root.put("note", report.gain().note());
    root.put("policies", report.models().stream().map(SparsityJson::model).toList());
    root.put("held_out", report.heldOut().stream().map(SparsityJson::heldOut).toList());
    root.put("plans", report.plans().stream().map(plan -> plan(report, plan)).toList());
    return new ObjectMapper().valueToTree(root);
  }

  private static Map<String, Object> model(PolicyModel model) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("policy", model.policy().id());
    fields.put("verdict", model.verdict());
    fields.put("plans", model.judged().size());
    fields.put("spearman_of_lost_importance", model.order().rho());
    fields.put("chance_of_that", model.order().chance());
    fields.put("mean_rise", interval(model.shift()));
    fields.put("spread_of_rises", model.spread());
    fields.put("noise_before_pruning", model.noise().beforePruning());
    model.noise().ofRepeats().ifPresent(noise -> fields.put("noise_of_repeats", noise));
    model.leftOut().ifPresent(order -> fields.put("spearman_left_out", order.rho()));
    model
        .model()
        .ifPresent(
            fitted -> {
              fields.put("intervals_that_hold", model.covered());
              fields.put("scale", fitted.scale());
              fields.put("exponent", DamageModel.EXPONENT);
              fields.put("residual", fitted.residual());
            });
    fields.put("outcomes", model.judged().stream().map(SparsityJson::judged).toList());
    return fields;
  }

  private static Map<String, Object> heldOut(HeldOut check) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("policy", check.policy().id());
    fields.put("spearman", check.order().rho());
    fields.put("chance_of_that", check.order().chance());
    fields.put("intervals_that_hold", check.covered());
    fields.put("outcomes", check.judged().stream().map(SparsityJson::judged).toList());
    return fields;
  }

  private static Map<String, Object> judged(JudgedPlan plan) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("plan", plan.outcome().plan());
    fields.put("densities", plan.outcome().densities());
    fields.put("damage", plan.damage());
    fields.put("rise", plan.rise());
    if (plan.predicted() != null) {
      fields.put("predicted", interval(plan.predicted()));
    }
    return fields;
  }

  private static Map<String, Object> interval(Estimate predicted) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("value", predicted.value());
    fields.put("low", predicted.low());
    fields.put("high", predicted.high());
    return fields;
  }

  private static Map<String, Object> plan(SparsityReport report, StreamPlan plan) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("policy", plan.model().policy().id());
    fields.put("rise", interval(plan.rise()));
    fields.put("rise_is", plan.model().verdict());
    fields.put("micros", plan.micros());
    fields.put("speedup", report.gain().full().median() / plan.micros());
    fields.put("replanned", plan.replanned());
    fields.put("replaced_share", plan.replacedShare());
    List<String> layers = report.planner().layers();
    List<Object> windows = new ArrayList<>();
    for (WindowPlan window : plan.windows()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("window", window.window());
      one.put("action", window.action());
      Map<String, Integer> kept = new LinkedHashMap<>();
      for (int layer = 0; layer < layers.size(); layer++) {
        kept.put(layers.get(layer), window.plan().kept().get(layer));
      }
      one.put("kept", kept);
      one.put("micros", window.plan().time().median());
      one.put("rise", plan.model().predict(window.damage()).value());
      windows.add(one);
    }
    fields.put("windows", windows);
    return fields;
  }
}
