package io.sextant.jobs.modelconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses fields about experts that are not understood. A field is recognized by the words in its
 * name, because no list of all families' names can be complete.
 */
final class UnknownFields {
  /** Words in fields that say which layers have experts, how many or how large. */
  private static final Pattern ABOUT_EXPERTS =
      Pattern.compile(
          "moe|expert|routed|router|routing|mlp_only|sparse_step|dense_replace|dense_layers?\\b"
              + "|dense_mlp|mixture|mlp_layer|mlp_type|ffn_type|ffn_layer|mlp_pattern|ffn_pattern"
              + "|parallel_attn_mlp_res|^ffns?$|^mlps?$|num_sparse|^is_encoder_decoder$");

  /** Words in fields about experts that do not change the shape: training, numerics, execution. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "loss|coef|jitter|noise|bias|dtype|scal(e|ing)|norm|capacity|dropout|drop|impl|fp32|logit"
              + "|backend|kernel|fused|alpha|init|_std|quant|precision|temperature|_parallel|ep_size"
              + "|aux|balanc|checkpoint|recompute|seed|_eps|dispatch|communication|overlap|permut"
              + "|offload|hidden_act|activation|act_fn|swiglu|clamp|lr_|learning|statistic|dtype"
              + "|correction|update_rate|weights?_|deterministic|sinkhorn|early_router|group|method"
              + "|cast|sequence|cache|float32|use_cutlass|orthogonal|async|multimodal|gate$|renorm|dynamic_exp|_act$|fuse");

  /**
   * Fields that only say that there are experts, and MiniMax's field for adding the shared expert.
   */
  private static final Set<String> SAYS_ONLY_THAT =
      Set.of(
          "moe",
          "use_moe",
          "is_moe",
          "has_moe",
          "enable_moe",
          "moe_enabled",
          "use_experts",
          "shared_moe_mode");

  /** Other parts of the file, which do not describe layers of the language model. */
  private static final Pattern OTHER_PARTS =
      Pattern.compile(
          "^(mtp|eagle|draft|vision|visual|vit|audio|speech|talker|token2wav|code2wav|image|video"
              + "|quantization|compression|rope|auto_map|id2label|label2id|task_specific"
              + "|generation|projector|aligner|architectures|model_type|transformers|torch_dtype"
              + "|_name|_attn|_experts_implementation|name_or_path|tie_).*");

  /** Strings in a list that name kinds of layers and therefore must be understood. */
  private static final Pattern EXPERT_KIND =
      Pattern.compile("(^|.*_)(moe|experts?|sparse|dense|mixture)(_(mlp|ffn|layer|block))?");

  private final ConfigFields fields;

  UnknownFields(ConfigFields fields) {
    this.fields = fields;
  }

  /**
   * @throws io.sextant.schema.InvalidInputException if a field is not understood; the message names
   *     the first one
   */
  void refuse() {
    inside("", fields.part());
    if (!fields.part().equals(fields.whole())) {
      for (Map.Entry<String, JsonNode> field : fields.whole().properties()) {
        // Fields outside of the language model's part are not read, whatever their names.
        boolean read = ConfigFields.LANGUAGE_PARTS.contains(field.getKey());
        if (!read && !fields.has(field.getKey())) {
          examine("", field.getKey(), field.getValue(), false);
        }
      }
    }
  }

  private void inside(String prefix, JsonNode object) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String path = prefix + field.getKey();
      examine(prefix, field.getKey(), field.getValue(), FieldNames.UNDERSTOOD.contains(path));
    }
  }

  private void examine(String prefix, String name, JsonNode value, boolean understood) {
    String lower = name.toLowerCase(Locale.ROOT);
    String path = prefix + name;
    if (understood
        || isEmpty(value)
        || OTHER_PARTS.matcher(lower).matches()
        || SAYS_ONLY_THAT.contains(path)) {
      return;
    }
    if (value.isObject()) {
      inside(path + ".", value);
    } else if (value.isArray() && value.get(0).isObject()) {
      for (int i = 0; i < value.size(); i++) {
        inside("%s[%d].".formatted(path, i), value.get(i));
      }
    } else if (isAboutExperts(lower) || listsExperts(value)) {
      throw fields.refuse(
          path,
          "%s is not understood".formatted(ConfigFields.shown(value)),
          "Write the model's description by hand; take one in conf/models as an example");
    }
  }

  /** Whether a value means that the model does not have the feature. */
  private static boolean isEmpty(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> true;
      case ARRAY, OBJECT -> value.isEmpty();
      case STRING -> value.textValue().isBlank();
      case BOOLEAN -> !value.booleanValue();
      case NUMBER -> value.doubleValue() == 0;
      default -> false;
    };
  }

  private static boolean isAboutExperts(String name) {
    return ABOUT_EXPERTS.matcher(name).find() && !HARMLESS.matcher(name).find();
  }

  private static boolean listsExperts(JsonNode value) {
    if (!value.isArray()) {
      return false;
    }
    for (JsonNode element : value) {
      if (element.isTextual()
          && EXPERT_KIND.matcher(element.textValue().toLowerCase(Locale.ROOT)).matches()) {
        return true;
      }
    }
    return false;
  }
}
