package io.sextant.schema.spec;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The serving profiles of {@code conf/serving}. */
public final class ServingProfiles {
  /** The profile that is used unless another is named: SGLang with its static dispatch. */
  public static final String DEFAULT = "sglang";

  private static final ConfFolder FOLDER = new ConfFolder("serving", "serving profile", DEFAULT);
  private static final int MOST_TOKENS = 100_000_000;
  private static final String SHARED = "shared";
  private static final String DISAGGREGATED = "disaggregated";

  private ServingProfiles() {}

  /**
   * Loads a profile.
   *
   * @param nameOrPath a name or path as for {@link ModelSpecs#load}, with the folder {@code
   *     serving}
   * @throws io.sextant.schema.InvalidInputException naming the file and field, if there is no such
   *     profile or a field is missing, unknown or invalid
   */
  public static ServingProfile load(String nameOrPath) {
    YamlFields fields = FOLDER.open(nameOrPath);
    ServingProfile profile =
        new ServingProfile(
            fields.name("name"),
            fields.name("engine"),
            choice(fields, "copy_rule", CopyRule.values(), CopyRule::id),
            choice(fields, "prefill_transport", Transport.values(), Transport::id),
            choice(fields, "decode_transport", Transport.values(), Transport::id),
            fields.oneOf("pools", Set.of(SHARED, DISAGGREGATED)).equals(DISAGGREGATED),
            fields.integer("prefill_tokens", 1, MOST_TOKENS),
            fields.integer("decode_tokens", 1, MOST_TOKENS),
            choice(fields, "router", RouterKnowledge.values(), RouterKnowledge::id));
    if (profile.router() == RouterKnowledge.PREFILL && !profile.disaggregated()) {
      throw fields.wrong(
          "router",
          "the experts of a prompt are known only after prefill, and the pools are shared",
          "Use prompt-tokens, or set 'pools: disaggregated'");
    }
    fields.allowNoOther();
    return profile;
  }

  /**
   * The file that {@link #load} reads.
   *
   * @throws io.sextant.schema.InvalidInputException if there is no such profile
   */
  public static DescriptionFile file(String nameOrPath) {
    return FOLDER.file(nameOrPath);
  }

  /** The names that {@link #load} knows, sorted. */
  public static List<String> names() {
    return FOLDER.names();
  }

  private static <T> T choice(YamlFields fields, String field, T[] values, Function<T, String> id) {
    Map<String, T> byId =
        Arrays.stream(values)
            .collect(Collectors.toMap(id, value -> value, (a, b) -> a, LinkedHashMap::new));
    return byId.get(fields.oneOf(field, byId.keySet()));
  }
}
