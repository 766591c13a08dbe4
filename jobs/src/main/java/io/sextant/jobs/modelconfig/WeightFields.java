package io.sextant.jobs.modelconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/**
 * The fields that say in which format weights are, and how many there are beside the layers.
 *
 * @param fields the language model's fields
 */
record WeightFields(ConfigFields fields) {
  private static final List<String> OTHER_PARTS =
      List.of("vision_config", "audio_config", "thinker_config", "talker_config");

  private static final String TIED = "tie_word_embeddings";

  /** Adds the fields of a description. */
  void add(YamlLines text, Experts experts, boolean squaredRelu) {
    String packaging = packaging();
    if (packaging == null) {
      text.note(
          "packaging: the file names no format of conf/packaging; add it, or give --precision");
    } else {
      text.add("packaging", packaging, "format of the published weights, in conf/packaging");
    }
    if (experts.count() > 0 && squaredRelu) {
      text.add("expert_activation", "squared-relu", "an expert has two matrices and no gate");
    }
    int shared = fields.first(FieldNames.SHARED_WIDTH).orElse(0);
    if (experts.shared() > 0 && shared > 0 && shared != experts.shared() * experts.width()) {
      text.add("shared_intermediate", shared, "inner width of all shared experts together");
    }
    if (fields.isTrue(TIED) || fields.whole().path(TIED).asBoolean(false)) {
      text.add("tied_embeddings", true, "the output head is the embedding");
    }
    noteOtherParts(text);
  }

  /** Says which parts of the file hold weights that the description does not count. */
  private void noteOtherParts(YamlLines text) {
    List<String> others =
        OTHER_PARTS.stream().filter(part -> fields.whole().path(part).isObject()).toList();
    if (!others.isEmpty()) {
      text.note(
          "the weights of %s are not counted; add other_parameters: N"
              .formatted(String.join(", ", others)));
    }
  }

  /** The packaging's name; null if the file does not say or it is not understood. */
  private String packaging() {
    JsonNode quantization = fields.node("quantization_config");
    if (quantization.isMissingNode()) {
      quantization = fields.whole().path("quantization_config");
    }
    if (!quantization.isObject()) {
      String type = fields.firstOf(List.of("dtype", "torch_dtype"));
      String name = type == null ? "" : fields.text(type);
      if (name.isEmpty()) {
        name = fields.whole().path("dtype").asText(fields.whole().path("torch_dtype").asText(""));
      }
      return name.equals("bfloat16") ? "bf16" : null;
    }
    // A second format for the experts alone.
    return fields.has("expert_dtype") ? null : packaging(quantization);
  }

  private static String packaging(JsonNode quantization) {
    String method = quantization.path("quant_method").asText("").toLowerCase(Locale.ROOT);
    String algorithm = quantization.path("quant_algo").asText("").toLowerCase(Locale.ROOT);
    return switch (method) {
      case "fp8" -> quantization.path("weight_block_size").isArray() ? "fp8-block" : "fp8";
      case "fbgemm_fp8" -> "fp8";
      case "mxfp4" -> "mxfp4";
      case "gptq", "awq" -> quantization.path("bits").asInt() == 4 ? "int4" : null;
      case "modelopt" -> algorithm.equals("nvfp4") || algorithm.equals("fp8") ? algorithm : null;
      case "compressed-tensors" -> compressed(quantization);
      default -> null;
    };
  }

  /** The weights of the first group of compressed-tensors. */
  private static String compressed(JsonNode quantization) {
    JsonNode weights = quantization.path("config_groups").path("group_0").path("weights");
    int bits = weights.path("num_bits").asInt();
    boolean floating = weights.path("type").asText("").equals("float");
    if (bits == 8 && floating) {
      return weights.path("strategy").asText("").equals("block") ? "fp8-block" : "fp8";
    }
    if (bits != 4) {
      return null;
    }
    return floating ? "nvfp4" : "int4";
  }
}
