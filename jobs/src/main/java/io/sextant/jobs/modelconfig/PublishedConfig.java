package io.sextant.jobs.modelconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** A model's published {@code config.json}, with the field names of the common MoE families. */
public final class PublishedConfig {
  private static final List<String> HEADS = List.of("num_attention_heads", "n_head", "n_heads");
  private static final List<String> KEY_VALUE_HEADS =
      List.of("num_key_value_heads", "num_attention_groups", "attn_config.kv_n_heads");
  private static final List<String> HEAD_WIDTH =
      List.of("head_dim", "attention_head_dim", "kv_channels");
  private static final List<String> ACTIVATION = List.of("hidden_act", "mlp_hidden_act");
  private static final String SQUARED_RELU = "relu2";

  /**
   * Fields of files that cannot be described, because a description has one shape of attention for
   * all layers.
   */
  private static final List<String> UNEVEN_ATTENTION =
      List.of(
          "kv_lora_rank",
          "num_attention_heads_per_layer",
          "swa_num_attention_heads",
          "swa_num_key_value_heads",
          "global_head_dim",
          "num_global_key_value_heads");

  private final ConfigFields fields;

  private PublishedConfig(ConfigFields fields) {
    this.fields = fields;
  }

  /**
   * Reads a file.
   *
   * @throws io.sextant.schema.InvalidInputException if it is not a JSON object
   */
  public static PublishedConfig read(Path file) {
    return new PublishedConfig(ConfigFields.read(file));
  }

  /**
   * The description of the model, as the lines of a file in {@code conf/models}.
   *
   * @throws io.sextant.schema.InvalidInputException if a field is missing, contradicts another or
   *     is not understood; the message names it
   */
  public String yaml(String name) {
    int layers = layers();
    Experts experts = Experts.of(fields);
    new UnknownFields(fields).refuse();
    boolean dense = experts.count() == 0;
    MoeLayers placed = dense ? MoeLayers.none(fields, layers) : MoeLayers.of(fields, layers);
    boolean hasDense = dense || !placed.dense().isEmpty();
    int denseWidth = hasDense ? denseWidth(dense) : 0;
    int hidden = fields.requiredAnywhere(FieldNames.HIDDEN);
    YamlLines text = new YamlLines(fields.fileName());
    text.add("name", name, "on the command line, and as the partition model=");
    text.add("layers", layers, "dense and MoE together");
    text.add("moe_layers", placed.yaml(layers), "absolute ids of the layers with routed experts");
    text.add("experts", experts.count(), "logical experts of an MoE layer");
    text.add("top_k", experts.topK(), "routed experts per token");
    text.add("shared_experts", experts.shared(), "experts that every token uses in addition");
    text.add("hidden", hidden, "width of the residual stream");
    text.add("expert_intermediate", experts.width(), "inner width of one expert");
    text.add("dense_intermediate", denseWidth, "inner width of a dense layer's MLP");
    if (hasDense && isSquaredRelu()) {
      text.add("dense_activation", "squared-relu", "between the products of a dense MLP");
    }
    if (!dense) {
      RouterFields router = new RouterFields(fields);
      text.add(
          "router",
          router.yaml(),
          router.scoring().isPresent()
              ? "how experts are chosen"
              : "how experts are chosen; config.json does not say the scoring, softmax is assumed");
    }
    String attention = attention(hidden);
    if (attention != null) {
      text.add("attention", attention, "for gpu-validate kernels");
    }
    text.add("vocabulary", fields.requiredAnywhere(FieldNames.VOCABULARY), "token ids");
    text.add("context", context(), "longest sequence, in tokens");
    int mtpLayers = fields.first(FieldNames.MTP_LAYERS).orElse(0);
    if (mtpLayers > 0 && !dense) {
      text.add("mtp_layers", mtpLayers, "layers of multi-token prediction, after the others");
    }
    new WeightFields(fields).add(text, experts, isSquaredRelu());
    new AttentionFields(fields, layers).add(text);
    JsonNode modelClass = fields.whole().at("/architectures/0");
    if (modelClass.isTextual()) {
      text.add("model_class", modelClass.textValue(), "the class by which engines know the model");
    }
    return text.toString();
  }

  private int layers() {
    OptionalInt layers = fields.agreed(FieldNames.LAYERS);
    return layers.orElseGet(
        () -> {
          int listed = ListedLayers.count(fields);
          if (listed == 0) {
            throw fields.missing(FieldNames.LAYERS);
          }
          return listed;
        });
  }

  private int denseWidth(boolean noExperts) {
    OptionalInt own = fields.first(FieldNames.DENSE_WIDTH);
    // Granite's dense hybrids keep the MLP that the others call shared.
    if (noExperts && Family.plain(fields.family()).startsWith("granitemoe")) {
      own = fields.first(List.of("shared_intermediate_size"));
    }
    return own.orElseGet(
        () -> fields.first(FieldNames.WIDTH).orElseThrow(() -> fields.missing(FieldNames.WIDTH)));
  }

  /**
   * Whether the activation is the squared ReLU, by the name that transformers gives it (models such
   * as Nemotron); other models have a gate.
   */
  private boolean isSquaredRelu() {
    return ACTIVATION.stream().anyMatch(name -> fields.text(name).equals(SQUARED_RELU));
  }

  /** Null if the file does not describe the same attention for all layers. */
  private String attention(int hidden) {
    int heads = whole(HEADS);
    int keyValueHeads = fields.firstOf(KEY_VALUE_HEADS) == null ? heads : whole(KEY_VALUE_HEADS);
    int headWidth = whole(HEAD_WIDTH);
    if (headWidth < 1 && heads > 0 && hidden % heads == 0) {
      headWidth = hidden / heads;
    }
    boolean uneven = fields.firstOf(UNEVEN_ATTENTION) != null;
    return uneven || heads < 1 || keyValueHeads < 1 || headWidth < 1
        ? null
        : "{heads: %d, key_value_heads: %d, head_dim: %d}"
            .formatted(heads, keyValueHeads, headWidth);
  }

  /** A whole number, or 0 if there is none, because attention is no reason to refuse a file. */
  private int whole(List<String> names) {
    String name = fields.firstOf(names);
    return name == null ? 0 : fields.node(name).asInt(0);
  }

  private int context() {
    // gpt-oss's original files give the original length and the factor by which it is extended.
    String initial = "initial_context_length";
    if (fields.firstOf(FieldNames.CONTEXT) == null && fields.has(initial)) {
      double factor = fields.node("rope_scaling_factor").asDouble(1);
      return (int) Math.round(fields.integer(initial) * Math.max(1, factor));
    }
    return fields.requiredAnywhere(FieldNames.CONTEXT);
  }
}
