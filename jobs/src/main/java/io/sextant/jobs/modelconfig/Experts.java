package io.sextant.jobs.modelconfig;

import java.util.List;
import java.util.OptionalInt;

/**
 * The numbers of experts of an MoE layer.
 *
 * @param count number of logical experts; 0 for a dense model
 * @param topK routed experts per token
 * @param shared number of experts that every token uses in addition
 * @param width inner width of one expert
 */
record Experts(int count, int topK, int shared, int width) {
  /** Fields of families in which the width whose name lacks "moe" is that of dense layers. */
  private static final List<String> OWN_WIDTH =
      List.of(
          "n_routed_experts",
          "first_k_dense_replace",
          "num_dense_layers",
          "decoder_sparse_step",
          "mlp_only_layers",
          "mlp_layer_types",
          "moe_layer_start_index");

  private static final Experts NONE = new Experts(0, 0, 0, 0);

  /**
   * @throws io.sextant.schema.InvalidInputException if there are experts and a number is missing,
   *     or if the number of experts is missing although other fields are about experts
   */
  static Experts of(ConfigFields fields) {
    OptionalInt count = fields.agreed(FieldNames.EXPERTS);
    // One expert that every token uses is a dense MLP; some families describe their dense models
    // so.
    if (count.orElse(0) <= 1) {
      requireDense(fields);
      return NONE;
    }
    return new Experts(
        count.getAsInt(),
        fields.agreed(FieldNames.TOP_K).orElseThrow(() -> fields.missing(FieldNames.TOP_K)),
        shared(fields),
        width(fields));
  }

  /** A file that mentions experts but not their number must not be taken for a dense model's. */
  private static void requireDense(ConfigFields fields) {
    boolean said = FieldNames.EXPERTS.stream().anyMatch(name -> isSaid(fields, name));
    if (said) {
      return;
    }
    for (List<String> names : List.of(FieldNames.TOP_K, FieldNames.EXPERT_WIDTH)) {
      for (String name : names) {
        if (fields.has(name) && fields.integer(name) > 0) {
          throw unknownCount(fields, name);
        }
      }
    }
    if (Family.of(fields.family()).alwaysMoe()) {
      throw unknownCount(fields, fields.has("model_type") ? "model_type" : "architectures");
    }
  }

  /** Null also means that there are no experts. */
  private static boolean isSaid(ConfigFields fields, String name) {
    return fields.has(name) || fields.part().has(name);
  }

  private static RuntimeException unknownCount(ConfigFields fields, String name) {
    return fields.refuse(
        name,
        "%s belongs to a model with experts, but no known field gives their number"
            .formatted(ConfigFields.shown(fields.node(name))),
        "Write the model's description by hand; take one in conf/models as an example");
  }

  private static int shared(ConfigFields fields) {
    if (fields.has("use_mixed_mlp_moe") && !fields.isTrue("use_mixed_mlp_moe")) {
      return 0;
    }
    OptionalInt count = fields.agreed(FieldNames.SHARED_EXPERTS);
    if (count.isPresent()) {
      return count.getAsInt();
    }
    OptionalInt width = fields.first(FieldNames.SHARED_WIDTH);
    return width.isPresent()
        ? Math.min(1, width.getAsInt())
        : Family.of(fields.family()).sharedExperts();
  }

  private static int width(ConfigFields fields) {
    OptionalInt own = fields.agreed(FieldNames.EXPERT_WIDTH);
    if (own.isPresent()) {
      return own.getAsInt();
    }
    boolean widthIsDense = fields.firstOf(FieldNames.DENSE_WIDTH) == null;
    if (widthIsDense && fields.firstOf(OWN_WIDTH) != null) {
      throw fields.missing(FieldNames.EXPERT_WIDTH);
    }
    return fields.first(FieldNames.WIDTH).orElseThrow(() -> fields.missing(FieldNames.WIDTH));
  }
}
