package io.sextant.jobs.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model's published {@code config.json}, in the dialects of the usual MoE families. */
final class PublishedConfig {
  private final Path file;
  private final JsonNode root;

  private PublishedConfig(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads a file.
   *
   * @throws InvalidInputException in one line, where it is no such JSON
   */
  static PublishedConfig read(Path file) {
    try {
      JsonNode root = JsonMapper.builder().build().readTree(file.toFile());
      // Models that also see pictures keep the language model's shape in a part of its own.
      if (root.get("text_config") instanceof ObjectNode text) {
        if (root.has("architectures")) {
          text.set("architectures", root.get("architectures"));
        }
        return new PublishedConfig(file, text);
      }
      return new PublishedConfig(file, root);
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(), "cannot be read as JSON", "Name the model's config.json", e);
    }
  }

  /** The description of the model as the lines of a file of {@code conf/models}. */
  String yaml(String name) {
    int layers = integer("num_hidden_layers", "n_layer");
    int experts = integerOr(0, "n_routed_experts", "num_experts", "num_local_experts");
    List<Integer> moeLayers = experts == 0 ? List.of() : moeLayers(layers);
    int inner = integer("intermediate_size", "ffn_hidden_size");
    boolean dense = moeLayers.size() < layers;
    StringBuilder text = new StringBuilder();
    text.append("# Written by sextant init from ").append(file.getFileName()).append(".\n");
    line(text, "name", name, "on the command line, and as the partition model=");
    line(text, "layers", layers, "dense and MoE together");
    line(text, "moe_layers", shown(moeLayers), "absolute ids of the layers with routed experts");
    line(text, "experts", experts, "logical experts of an MoE layer");
    line(
        text,
        "top_k",
        experts == 0 ? 0 : integer("num_experts_per_tok", "moe_top_k", "moe_topk"),
        "routed experts of a token");
    line(text, "shared_experts", sharedExperts(), "experts that every token uses besides");
    line(text, "hidden", integer("hidden_size", "n_embd"), "width of the residual stream");
    line(
        text,
        "expert_intermediate",
        experts == 0 ? 0 : integerOr(inner, "moe_intermediate_size"),
        "inner width of one expert");
    int denseInner = integerOr(inner, "intermediate_size_mlp");
    line(text, "dense_intermediate", dense ? denseInner : 0, "inner width of a dense layer's MLP");
    // What transformers calls a squared ReLU, of models such as Nemotron; the default is a gated
    // MLP.
    if (root.path("hidden_act").asText().equals("relu2")) {
      line(text, "dense_activation", "squared-relu", "between the products of a dense MLP");
    }
    if (experts > 0) {
      line(
          text,
          "router",
          "{scoring: %s, groups: %d, groups_used: %d}"
              .formatted(scoring(), integerOr(1, "n_group"), integerOr(1, "topk_group")),
          "how experts are chosen");
    }
    if (!root.has("kv_lora_rank")) {
      int heads = integer("num_attention_heads", "n_head");
      line(
          text,
          "attention",
          "{heads: %d, key_value_heads: %d, head_dim: %d}"
              .formatted(
                  heads,
                  integerOr(heads, "num_key_value_heads"),
                  integerOr(integer("hidden_size", "n_embd") / heads, "head_dim")),
          "for gpu-validate kernels");
    }
    line(text, "vocabulary", integer("vocab_size"), "token ids");
    line(
        text,
        "context",
        integer("max_position_embeddings", "n_positions"),
        "longest sequence, in tokens");
    int mtpLayers = integerOr(0, "num_nextn_predict_layers", "num_mtp_modules");
    if (mtpLayers > 0 && experts > 0) {
      line(text, "mtp_layers", mtpLayers, "layers of multi-token prediction, after the others");
    }
    if (root.path("architectures").path(0).isTextual()) {
      line(text, "model_class", root.at("/architectures/0").textValue(), "the model class");
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String field, Object value, String comment) {
    text.append("# ").append(comment).append('\n').append(field).append(": ").append(value);
    text.append('\n');
  }

  private List<Integer> moeLayers(int layers) {
    int firstDense = integerOr(0, "first_k_dense_replace");
    int step = integerOr(1, "decoder_sparse_step", "interleave_moe_layer_step");
    List<Integer> moe = new ArrayList<>();
    for (int layer = firstDense; layer < layers; layer++) {
      boolean only = contains("mlp_only_layers", layer);
      if ((layer + 1) % step == 0 && !only) {
        moe.add(layer);
      }
    }
    return moe;
  }

  private boolean contains(String field, int value) {
    for (JsonNode element : root.path(field)) {
      if (element.asInt(-1) == value) {
        return true;
      }
    }
    return false;
  }

  /** First and step where they are evenly spaced to the end, else each. */
  private String shown(List<Integer> moeLayers) {
    if (moeLayers.size() < 2) {
      return moeLayers.toString();
    }
    int first = moeLayers.get(0);
    int step = moeLayers.get(1) - first;
    int layers = integer("num_hidden_layers", "n_layer");
    List<Integer> even = new ArrayList<>();
    for (int layer = first; layer < layers; layer += step) {
      even.add(layer);
    }
    return even.equals(moeLayers)
        ? "{first: %d, step: %d}".formatted(first, step)
        : moeLayers.toString();
  }

  private int sharedExperts() {
    if (root.has("shared_expert_intermediate_size")) {
      return root.get("shared_expert_intermediate_size").asInt() > 0 ? 1 : 0;
    }
    // Llama 4 has one that its configuration does not mention.
    int unsaid = root.path("model_type").asText().startsWith("llama4") ? 1 : 0;
    return integerOr(unsaid, "n_shared_experts");
  }

  private String scoring() {
    if (root.hasNonNull("scoring_func")) {
      return root.get("scoring_func").asText();
    }
    return root.path("model_type").asText().startsWith("llama4") ? "sigmoid" : "softmax";
  }

  private int integer(String... fields) {
    for (String field : fields) {
      if (root.path(field).isIntegralNumber()) {
        return root.get(field).intValue();
      }
    }
    throw InvalidInputException.of(
        file + ": " + fields[0],
        "the field is missing",
        "Write the model's description by hand, after one of conf/models");
  }

  private int integerOr(int unsaid, String... fields) {
    for (String field : fields) {
      if (root.path(field).isIntegralNumber()) {
        return root.get(field).intValue();
      }
    }
    return unsaid;
  }
}
