package io.sextant.jobs.modelconfig;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The fields that say how the router chooses experts. */
final class RouterFields {
  private static final Set<String> KNOWN = Set.of("softmax", "sigmoid", "sqrtsoftplus");

  private final ConfigFields fields;

  RouterFields(ConfigFields fields) {
    this.fields = fields;
  }

  /** The scoring according to a field or the family; empty if neither has it. */
  Optional<String> scoring() {
    String name = fields.firstOf(FieldNames.SCORING);
    if (name != null) {
      String value = fields.text(name).toLowerCase(Locale.ROOT);
      if (KNOWN.contains(value)) {
        return Optional.of(value);
      }
      // dots.llm1 uses this field for its selection method; its scoring is DeepSeek-V3's.
      if (value.equals("noaux_tc")) {
        return Optional.of("sigmoid");
      }
      throw fields.notUnderstood(name);
    }
    if (fields.has("moe_router_use_sigmoid")) {
      return Optional.of(fields.isTrue("moe_router_use_sigmoid") ? "sigmoid" : "softmax");
    }
    if (fields.has("moe_primary_router_apply_softmax")) {
      return Optional.of(fields.isTrue("moe_primary_router_apply_softmax") ? "softmax" : "sigmoid");
    }
    String family = Family.of(fields.family()).scoring();
    // DeepSeek-V3's selection without an auxiliary loss uses sigmoid scores.
    return family == null && fields.text("topk_method").equals("noaux_tc")
        ? Optional.of("sigmoid")
        : Optional.ofNullable(family);
  }

  /** The router as written in {@code conf/models}. */
  String yaml() {
    boolean grouped = !fields.text("topk_method").equals("greedy");
    return "{scoring: %s, groups: %d, groups_used: %d}"
        .formatted(
            scoring().orElse("softmax"),
            grouped ? atLeastOne(fields.first(FieldNames.GROUPS).orElse(1)) : 1,
            grouped ? atLeastOne(fields.first(FieldNames.GROUPS_USED).orElse(1)) : 1);
  }

  /** Some files write 0 if there are no groups. */
  private static int atLeastOne(int groups) {
    return Math.max(1, groups);
  }
}
