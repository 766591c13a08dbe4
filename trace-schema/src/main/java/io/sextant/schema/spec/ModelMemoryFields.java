package io.sextant.schema.spec;

import io.sextant.schema.spec.AttentionLayers.Indexer;
import io.sextant.schema.spec.AttentionLayers.Latent;
import io.sextant.schema.spec.AttentionLayers.Linear;
import io.sextant.schema.spec.ModelMemory.Limit;
import io.sextant.schema.spec.ModelMemory.Part;
import io.sextant.schema.spec.ModelMemory.Published;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads the fields of {@code conf/models} about weights and caches.
 *
 * @param fields the whole description
 * @param layers number of layers of the model
 * @param dense whether the model has no experts
 */
record ModelMemoryFields(YamlFields fields, int layers, boolean dense) {
  private static final int LARGEST = Integer.MAX_VALUE;
  private static final double MOST_BILLIONS = 1e6;

  /** Parts that a packaging may hold. */
  private static final Map<String, Part> PACKABLE =
      Arrays.stream(Part.values())
          .filter(part -> part != Part.MTP && part != Part.MTP_ROUTED && part != Part.OTHER)
          .collect(Collectors.toMap(Part::id, part -> part));

  /**
   * @param usualSharedWidth inner width of the shared experts unless the description says otherwise
   */
  ModelMemory read(int usualSharedWidth) {
    return new ModelMemory(
        optional("shared_intermediate", 1, LARGEST, usualSharedWidth),
        !fields.has("expert_activation")
            || fields.oneOf("expert_activation", Set.of("swiglu", "squared-relu")).equals("swiglu"),
        flag("tied_embeddings"),
        fields.has("other_parameters") ? Math.round(fields.positive("other_parameters", 1e15)) : 0,
        attention(),
        packed(),
        published());
  }

  private AttentionLayers attention() {
    String full = "full_attention_layers";
    return new AttentionLayers(
        fields.optional("latent_attention").map(ModelMemoryFields::latent).orElse(null),
        fields.optional("indexer").map(ModelMemoryFields::indexer).orElse(null),
        flag("gated_attention"),
        fields.has(full)
            ? new LayerIds(fields, layers).read(full)
            : IntStream.range(0, layers).boxed().toList(),
        optional("attention_window", 1, LARGEST, 0),
        fields.optional("linear_attention").map(ModelMemoryFields::linear).orElse(null));
  }

  private static Latent latent(YamlFields fields) {
    Latent latent =
        new Latent(
            fields.integer("heads", 1, LARGEST),
            fields.integer("query_rank", 0, LARGEST),
            fields.integer("key_value_rank", 1, LARGEST),
            fields.integer("plain_head_dim", 1, LARGEST),
            fields.integer("rotated_head_dim", 0, LARGEST),
            fields.integer("value_head_dim", 1, LARGEST));
    fields.allowNoOther();
    return latent;
  }

  private static Indexer indexer(YamlFields fields) {
    Indexer indexer =
        new Indexer(fields.integer("heads", 1, LARGEST), fields.integer("head_dim", 1, LARGEST));
    fields.allowNoOther();
    return indexer;
  }

  private static Linear linear(YamlFields fields) {
    Linear linear =
        new Linear(
            fields.integer("key_heads", 1, LARGEST),
            fields.integer("value_heads", 1, LARGEST),
            fields.integer("key_head_dim", 1, LARGEST),
            fields.integer("value_head_dim", 1, LARGEST),
            fields.integer("kernel", 1, LARGEST));
    fields.allowNoOther();
    return linear;
  }

  /** {@code packed: {fp8: [routed], int4: [routed]}}. */
  private Map<String, Set<Part>> packed() {
    Map<String, Set<Part>> packed = new TreeMap<>();
    fields
        .optional("packed")
        .ifPresent(
            packagings -> {
              for (String name : Packagings.names()) {
                if (packagings.has(name)) {
                  packed.put(name, parts(packagings, name));
                }
              }
              packagings.allowNoOther();
            });
    return packed;
  }

  private Set<Part> parts(YamlFields packagings, String name) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    for (String part : packagings.texts(name, PACKABLE.keySet())) {
      parts.add(PACKABLE.get(part));
    }
    if (!dense && !parts.contains(Part.ROUTED)) {
      throw packagings.wrong(
          name, "routed experts are not in it", "Add routed; plans move experts in this packaging");
    }
    return parts;
  }

  private Published published() {
    YamlFields published = fields.optional("published").orElse(null);
    List<Limit> limits =
        fields.optionalMappings("limits").stream().map(ModelMemoryFields::limit).toList();
    if (published == null) {
      return new Published(null, null, null, limits);
    }
    Published figures =
        new Published(
            billions(published, "parameters"),
            billions(published, "active"),
            published.has("trained_context")
                ? Integer.valueOf(published.integer("trained_context", 1, LARGEST))
                : null,
            limits);
    published.allowNoOther();
    return figures;
  }

  private static Double billions(YamlFields fields, String name) {
    return fields.has(name) ? Double.valueOf(fields.positive(name, MOST_BILLIONS)) : null;
  }

  private static Limit limit(YamlFields fields) {
    Limit limit = new Limit(fields.name("provider"), fields.integer("context", 1, LARGEST));
    fields.allowNoOther();
    return limit;
  }

  private int optional(String field, int least, int most, int otherwise) {
    return fields.has(field) ? fields.integer(field, least, most) : otherwise;
  }

  private boolean flag(String field) {
    return fields.has(field) && fields.bool(field);
  }
}
