package io.sextant.jobs.modelconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The fields that say what the layers' attention keeps. What is not understood is left open, so
 * that {@code capacity} refuses the model instead of computing a wrong size.
 *
 * @param fields the language model's fields
 * @param layers number of layers of the model
 */
record AttentionFields(ConfigFields fields, int layers) {
  private static final Map<String, String> LATENT =
      Map.of(
          "heads", "num_attention_heads",
          "key_value_rank", "kv_lora_rank",
          "plain_head_dim", "qk_nope_head_dim",
          "rotated_head_dim", "qk_rope_head_dim",
          "value_head_dim", "v_head_dim");

  private static final Map<String, String> LINEAR =
      Map.of(
          "key_heads", "linear_num_key_heads",
          "value_heads", "linear_num_value_heads",
          "key_head_dim", "linear_key_head_dim",
          "value_head_dim", "linear_value_head_dim",
          "kernel", "linear_conv_kernel_dim");

  private static final String LAYER_TYPES = "layer_types";
  private static final String FULL = "full_attention";
  private static final Set<String> WINDOWED = Set.of("sliding_attention", "chunked_attention");

  /** Defaults of the families' configuration classes. */
  private static final int LLAMA4_CHUNK = 8192;

  private static final int GPT_OSS_WINDOW = 128;

  /** Fields of models in which other layers have a state instead of tokens, or share a cache. */
  private static final List<String> OTHER_KINDS =
      List.of(
          "hybrid_override_pattern",
          "layers_block_type",
          "attn_layer_period",
          "attn_type_list",
          "linear_attn_config",
          "mamba_d_state",
          "conv_L_cache",
          "use_cla",
          "layer_group_size",
          "hybrid_layer_pattern",
          "sliding_window_layout",
          "share_q_dim",
          "sparse_attention_config",
          "o_lora_rank");

  /** Adds the fields of a description. */
  void add(YamlLines text) {
    String family = Family.plain(fields.family());
    boolean latent = fields.has("kv_lora_rank");
    if (latent) {
      addLatent(text);
    }
    if (fields.has("index_n_heads") && fields.has("index_head_dim")) {
      text.add(
          "indexer",
          "{heads: %d, head_dim: %d}"
              .formatted(fields.integer("index_n_heads"), fields.integer("index_head_dim")),
          "the indexer of sparse attention, which keeps keys of its own");
    }
    if (family.startsWith("qwen3next") || family.startsWith("qwen35")) {
      text.add("gated_attention", true, "a gate as wide as the queries multiplies the result");
    }
    List<Integer> full = full(family);
    int window = window(family);
    boolean linear = LINEAR.values().stream().allMatch(fields::has);
    if (full.size() < layers) {
      text.add(
          "full_attention_layers",
          YamlLines.layers(full, layers),
          window > 0 || linear
              ? "layers that keep every token of a sequence"
              : "layers that keep every token; the others are not understood, so capacity refuses"
                  + " this model");
      if (window > 0) {
        text.add("attention_window", window, "tokens that each of the other layers keeps");
      } else if (linear) {
        text.add("linear_attention", mapping(LINEAR), "state of the other layers");
      }
    }
  }

  private void addLatent(YamlLines text) {
    if (LATENT.values().stream().allMatch(fields::has)) {
      int rank = fields.has("q_lora_rank") ? fields.integer("q_lora_rank") : 0;
      String mapping = mapping(LATENT);
      text.add(
          "latent_attention",
          mapping.replace("}", ", query_rank: " + rank + "}"),
          "multi-head latent attention");
    }
  }

  private String mapping(Map<String, String> names) {
    List<String> entries = new ArrayList<>();
    names.keySet().stream()
        .sorted()
        .forEach(name -> entries.add(name + ": " + fields.integer(names.get(name))));
    return "{" + String.join(", ", entries) + "}";
  }

  /** The layers that keep every token; none if the file's rule is not understood. */
  private List<Integer> full(String family) {
    JsonNode types = fields.node(LAYER_TYPES);
    if (types.isArray() && types.size() == layers) {
      return where(layer -> types.get(layer).asText().equals(FULL));
    }
    JsonNode rotated = fields.node("no_rope_layers");
    if (family.startsWith("llama4")) {
      // 1 for a layer with rotary embedding and chunks; every fourth has neither by default.
      return rotated.isArray() && rotated.size() == layers
          ? where(layer -> rotated.get(layer).asInt() == 0)
          : where(layer -> layer % 4 == 3);
    }
    if (fields.has("full_attention_interval")) {
      int interval = fields.integer("full_attention_interval");
      return where(layer -> interval > 0 && layer % interval == interval - 1);
    }
    if (family.startsWith("gptoss")) {
      return where(layer -> layer % 2 == 1);
    }
    JsonNode kinds = fields.node("attn_type_list");
    boolean allTokens = kinds.isArray() && allOnes(kinds);
    boolean otherKind =
        OTHER_KINDS.stream()
            .filter(name -> !(allTokens && name.equals("attn_type_list")))
            .anyMatch(fields::has);
    boolean unknownRank = fields.has("q_lora_rank") && !fields.has("kv_lora_rank");
    return otherKind || unknownRank || hasUnclearWindow() ? List.of() : where(layer -> true);
  }

  private static boolean allOnes(JsonNode list) {
    for (JsonNode element : list) {
      if (element.asInt() != 1) {
        return false;
      }
    }
    return true;
  }

  /** A window without a rule that says in which layers. */
  private boolean hasUnclearWindow() {
    boolean off = fields.has("use_sliding_window") && !fields.isTrue("use_sliding_window");
    return fields.has("sliding_window") && !off;
  }

  /** Tokens that the other layers keep; 0 if they keep none or it is not understood. */
  private int window(String family) {
    JsonNode types = fields.node(LAYER_TYPES);
    if (types.isArray()) {
      for (JsonNode type : types) {
        if (!type.asText().equals(FULL) && !WINDOWED.contains(type.asText())) {
          return 0;
        }
      }
    }
    if (fields.has("attention_chunk_size")) {
      return fields.integer("attention_chunk_size");
    }
    if (family.startsWith("llama4")) {
      return LLAMA4_CHUNK;
    }
    if (fields.has("sliding_window")) {
      return fields.integer("sliding_window");
    }
    return family.startsWith("gptoss") ? GPT_OSS_WINDOW : 0;
  }

  private List<Integer> where(IntPredicate rule) {
    return IntStream.range(0, layers).filter(rule).boxed().toList();
  }
}
