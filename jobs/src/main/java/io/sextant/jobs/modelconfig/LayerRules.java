package io.sextant.jobs.modelconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Fields that say by a rule which layers have experts, for example all but the first few, or every
 * other layer.
 */
final class LayerRules {
  private static final List<String> FIRST_DENSE =
      List.of("first_k_dense_replace", "num_dense_layers", "moe_layer_num_skipped");

  /** Every n-th layer has experts, beginning with the n-th. */
  private static final List<String> EVERY =
      List.of("decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_frequency");

  /**
   * One field's rule.
   *
   * @param field name of the field
   * @param moe whether a layer has experts by this rule
   */
  private record Rule(String field, IntPredicate moe) {}

  private final ConfigFields fields;
  private final int layers;
  private final List<Rule> rules = new ArrayList<>();

  /**
   * @param listed whether another field lists the layers, so that no default applies
   */
  LayerRules(ConfigFields fields, int layers, boolean listed) {
    this.fields = fields;
    this.layers = layers;
    for (String field : FIRST_DENSE) {
      if (fields.has(field)) {
        int dense = fields.integer(field);
        add(field, layer -> layer >= dense);
      }
    }
    for (String field : EVERY) {
      if (fields.has(field)) {
        int step = positive(field);
        add(field, layer -> (layer + 1) % step == 0);
      }
    }
    if (fields.has("moe_layer_freq") && !fields.node("moe_layer_freq").isArray()) {
      int step = positive("moe_layer_freq");
      add("moe_layer_freq", layer -> layer % step == 0);
    }
    // In nomic-embed's MoE the second of every n layers has experts.
    if (fields.has("moe_every_n_layers")) {
      int step = positive("moe_every_n_layers");
      add("moe_every_n_layers", layer -> step == 1 || layer % step == 1);
    }
    denseOnly();
    period();
    ernie();
    if (!listed) {
      unlisted();
    }
  }

  private void add(String field, IntPredicate moe) {
    rules.add(new Rule(field, moe));
  }

  private int positive(String field) {
    int value = fields.integer(field);
    if (value == 0) {
      throw fields.notUnderstood(field);
    }
    return value;
  }

  /** Qwen's list of layers without experts. */
  private void denseOnly() {
    JsonNode only = fields.node("mlp_only_layers");
    List<Integer> dense = new ArrayList<>();
    for (JsonNode layer : only) {
      if (!layer.isIntegralNumber()) {
        throw fields.notUnderstood("mlp_only_layers");
      }
      dense.add(layer.intValue());
    }
    if (!dense.isEmpty()) {
      add("mlp_only_layers", layer -> !dense.contains(layer));
    } else if (!only.isMissingNode() && !only.isArray()) {
      throw fields.notUnderstood("mlp_only_layers");
    }
  }

  /** Jamba's period and offset. */
  private void period() {
    if (fields.has("expert_layer_period")) {
      int period = positive("expert_layer_period");
      int offset = fields.has("expert_layer_offset") ? fields.integer("expert_layer_offset") : 0;
      add("expert_layer_period", layer -> layer % period == offset % period);
    }
  }

  /** ERNIE's first layer, last layer (inclusive; -1 for the model's last) and interval. */
  private void ernie() {
    if (fields.has("moe_layer_start_index")) {
      int first = fields.integer("moe_layer_start_index");
      add("moe_layer_start_index", layer -> layer >= first);
    }
    if (fields.has("moe_layer_end_index") && fields.node("moe_layer_end_index").asInt() != -1) {
      int last = fields.integer("moe_layer_end_index");
      add("moe_layer_end_index", layer -> layer <= last);
    }
    if (fields.has("moe_layer_interval")) {
      int step = positive("moe_layer_interval");
      add("moe_layer_interval", layer -> (layer + 1) % step == 0);
    }
  }

  /**
   * Fields that only make sense together with a list, and the family's default if there is no
   * field.
   */
  private void unlisted() {
    for (String field : List.of("moe_every_n_layer", "moe_layer_offset")) {
      if (fields.has(field)) {
        throw fields.refuse(
            field,
            "it has no meaning without moe_layers_enum",
            "Write the model's description by hand; take one in conf/models as an example");
      }
    }
    int dense = Family.of(fields.family()).firstDense();
    if (fields.firstOf(FIRST_DENSE) == null && !fields.has("moe_layer_start_index") && dense > 0) {
      add("model_type", layer -> layer >= dense);
    }
  }

  /** Layers that have experts by all rules together; all layers if there is no rule. */
  List<Integer> moe() {
    return IntStream.range(0, layers)
        .filter(layer -> rules.stream().allMatch(rule -> rule.moe().test(layer)))
        .boxed()
        .toList();
  }

  /** The fields that exclude at least one layer. */
  List<String> fieldsThatExclude() {
    return rules.stream()
        .filter(rule -> !IntStream.range(0, layers).allMatch(rule.moe()))
        .map(Rule::field)
        .toList();
  }
}
