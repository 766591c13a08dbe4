package io.sextant.jobs.modelconfig;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Defaults in a family's code, for fields that its {@code config.json} may omit.
 *
 * @param scoring default scoring of the family's router; null if it is not known
 * @param sharedExperts default number of shared experts of an MoE layer
 * @param alwaysMoe whether the family has experts even if no field says so
 * @param firstDense default number of layers without experts at the beginning
 */
record Family(String scoring, int sharedExperts, boolean alwaysMoe, int firstDense) {
  private static final String SOFTMAX = "softmax";
  private static final String SIGMOID = "sigmoid";

  /** Families by prefix of their name, longer prefixes first. */
  private record Known(String beginning, Family family) {}

  private static final List<Known> KNOWN =
      List.of(
          known("llama4", SIGMOID, 1),
          known("deepseekv4", "sqrtsoftplus", 0),
          known("deepseekv3", SIGMOID, 0),
          known("deepseekv2", SOFTMAX, 0),
          known("deepseek", SOFTMAX, 0, false),
          known("kimik2", SIGMOID, 0),
          known("kimilinear", SIGMOID, 0),
          known("axk1", SIGMOID, 0),
          known("glm4moe", SIGMOID, 0),
          known("glm4vmoe", SIGMOID, 0),
          known("glmmoe", SIGMOID, 0),
          known("glm5", SIGMOID, 0),
          known("dots1", SIGMOID, 0),
          known("minimaxm2", SIGMOID, 0),
          known("minimaxm3", SIGMOID, 0),
          known("minimax", SOFTMAX, 0),
          known("mimov2", SIGMOID, 0),
          known("solaropen", SIGMOID, 0),
          known("hyv3", SIGMOID, 0),
          known("exaonemoe", SIGMOID, 0),
          known("afmoe", SIGMOID, 0),
          known("lfm2moe", SIGMOID, 0),
          known("bailingmoev2", SIGMOID, 0),
          known("bailingmoelinear", SIGMOID, 0),
          known("bailinghybrid", SIGMOID, 0),
          known("bailingmoe", SOFTMAX, 0),
          known("panguultramoe", SIGMOID, 0),
          known("pangupromoe", SOFTMAX, 0),
          known("qwen2moe", SOFTMAX, 1),
          known("qwen3next", SOFTMAX, 1),
          known("qwen35moe", SOFTMAX, 1),
          known("qwen3moe", SOFTMAX, 0),
          known("qwen3vlmoe", SOFTMAX, 0),
          known("qwen3omnimoe", SOFTMAX, 0),
          known("qwen4", SOFTMAX, 0, false),
          known("mixtral", SOFTMAX, 0),
          known("olmoe", SOFTMAX, 0),
          known("flexolmo", SOFTMAX, 0),
          known("phimoe", SOFTMAX, 0),
          known("dbrx", SOFTMAX, 0),
          known("jamba", SOFTMAX, 0),
          known("jetmoe", SOFTMAX, 0),
          known("arctic", SOFTMAX, 0),
          known("gptoss", SOFTMAX, 0),
          known("ernie45moe", SOFTMAX, 0),
          known("ernie45vlmoe", SOFTMAX, 0),
          known("hunyuanv1moe", SOFTMAX, 0),
          known("hunyuanmoe", SOFTMAX, 0),
          known("hunyuan", SOFTMAX, 0, false),
          known("granitemoe", SOFTMAX, 0),
          known("aria", SOFTMAX, 0),
          known("step3p", SIGMOID, 0),
          known("step3", SOFTMAX, 0),
          known("nemotronh", SIGMOID, 0, false));

  private static final Family UNKNOWN = new Family(null, 0, false, 0);

  /** Defaults of the families' configuration classes that are not 0, by prefix of the name. */
  private static final Map<String, Integer> FIRST_DENSE =
      Map.of(
          "deepseekv3", 3,
          "glmmoedsa", 3,
          "glm4moe", 1,
          "glm4vmoe", 1,
          "hyv3", 1,
          "laguna", 1,
          "exaonemoe", 1,
          "afmoe", 1,
          "ernie45moe", 1,
          "step3", 1);

  private static Known known(String beginning, String scoring, int sharedExperts) {
    return known(beginning, scoring, sharedExperts, true);
  }

  private static Known known(
      String beginning, String scoring, int sharedExperts, boolean alwaysMoe) {
    return new Known(beginning, new Family(scoring, sharedExperts, alwaysMoe, 0));
  }

  /**
   * @param name {@code model_type} or an architecture, such as "glm4_moe" or "Glm4MoeForCausalLM"
   */
  static Family of(String name) {
    String plain = plain(name);
    Family family =
        KNOWN.stream()
            .filter(known -> plain.startsWith(known.beginning()))
            .findFirst()
            .map(Known::family)
            .orElse(plain.contains("moe") ? new Family(null, 0, true, 0) : UNKNOWN);
    int firstDense =
        FIRST_DENSE.entrySet().stream()
            .filter(known -> plain.startsWith(known.getKey()))
            .mapToInt(Map.Entry::getValue)
            .findFirst()
            .orElse(0);
    return new Family(family.scoring, family.sharedExperts, family.alwaysMoe, firstDense);
  }

  /** The name in lower case, letters and digits only. */
  static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
