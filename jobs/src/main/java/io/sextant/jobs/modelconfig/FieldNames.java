package io.sextant.jobs.modelconfig;

import java.util.List;
import java.util.Set;

/** The names that families use for the same field. */
final class FieldNames {
  static final List<String> LAYERS =
      List.of("num_hidden_layers", "n_layer", "n_layers", "num_layers");
  static final List<String> HIDDEN = List.of("hidden_size", "n_embd", "d_model");
  static final List<String> VOCABULARY = List.of("vocab_size");
  static final List<String> CONTEXT =
      List.of(
          "max_position_embeddings",
          "max_position_embedding",
          "n_positions",
          "max_seq_len",
          "max_sequence_length",
          "model_max_length",
          "seq_length");

  static final List<String> EXPERTS =
      List.of(
          "n_routed_experts",
          "num_routed_experts",
          "num_experts",
          "num_local_experts",
          "moe_num_experts",
          "num_moe_experts",
          "n_experts",
          "moe_num_primary_experts",
          "ffn_config.moe_num_experts");

  static final List<String> TOP_K =
      List.of(
          "num_experts_per_tok",
          "num_experts_per_token",
          "experts_per_token",
          "experts_per_tok",
          "moe_top_k",
          "moe_topk",
          "moe_k",
          "top_k_experts",
          "moe_router_topk",
          "num_selected_experts",
          "moe_num_active_primary_experts",
          "ffn_config.moe_top_k");

  static final List<String> SHARED_EXPERTS =
      List.of(
          "n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts");

  /** Width of the shared expert that every token uses; 0 if there is none. */
  static final List<String> SHARED_WIDTH =
      List.of(
          "shared_expert_intermediate_size",
          "moe_shared_expert_intermediate_size",
          "shared_intermediate_size",
          "share_expert_dim",
          "shared_expert_dim");

  static final List<String> EXPERT_WIDTH =
      List.of(
          "moe_intermediate_size",
          "expert_intermediate_size",
          "moe_ffn_hidden_size",
          "expert_ffn_hidden_size",
          "expert_hidden_dim",
          "ffn_config.ffn_hidden_size");

  /** Width of a dense layer's MLP, if the file has it in a field other than {@link #WIDTH}. */
  static final List<String> DENSE_WIDTH =
      List.of("intermediate_size_mlp", "dense_intermediate_size");

  /** Width of a dense MLP, or of an expert in families without dense layers. */
  static final List<String> WIDTH =
      List.of("intermediate_size", "ffn_hidden_size", "n_inner", "d_ff");

  static final List<String> MTP_LAYERS =
      List.of("num_nextn_predict_layers", "num_mtp_modules", "num_mtp_layers");

  static final List<String> GROUPS =
      List.of("n_group", "num_expert_group", "num_expert_groups", "router_num_group");
  static final List<String> GROUPS_USED =
      List.of("topk_group", "num_limited_groups", "router_topk_group");

  static final List<String> SCORING =
      List.of(
          "scoring_func",
          "score_func",
          "score_function",
          "moe_router_activation",
          "moe_router_activation_func",
          "moe_router_score_function",
          "router_scoring_func",
          "scoring_function");

  /** Draft layers for speculative decoding, which are not layers of the model. */
  static final List<String> DRAFT_LAYERS =
      List.of(
          "num_nextn_predict_layers", "num_mtp_modules", "mtp_num_hidden_layers", "num_mtp_layers");

  /** Fields that say which layers have experts. */
  static final List<String> LAYER_RULES =
      List.of(
          "first_k_dense_replace",
          "num_dense_layers",
          "moe_layer_num_skipped",
          "moe_layer_freq",
          "moe_layer_frequency",
          "decoder_sparse_step",
          "mlp_only_layers",
          "interleave_moe_layer_step",
          "expert_layer_period",
          "expert_layer_offset",
          "moe_layer_start_index",
          "moe_layer_end_index",
          "moe_layer_interval",
          "moe_every_n_layer",
          "moe_every_n_layers",
          "moe_layer_offset",
          "moe_layers",
          "moe_layers_enum",
          "moe_layer_ids",
          "moe_layer_indices",
          "is_moe_layer",
          "moe_layer_layout",
          "mlp_layer_types",
          "layers_block_type",
          "layer_types",
          "hybrid_override_pattern");

  /** All fields about experts that are read. */
  static final Set<String> UNDERSTOOD =
      Set.copyOf(
          ConfigFields.all(
              EXPERTS,
              TOP_K,
              SHARED_EXPERTS,
              SHARED_WIDTH,
              EXPERT_WIDTH,
              DENSE_WIDTH,
              WIDTH,
              GROUPS,
              GROUPS_USED,
              SCORING,
              DRAFT_LAYERS,
              LAYER_RULES,
              List.of(
                  "use_mixed_mlp_moe",
                  "moe_router_use_sigmoid",
                  "moe_primary_router_apply_softmax",
                  "topk_method",
                  "num_hash_layers")));

  private FieldNames() {}
}
