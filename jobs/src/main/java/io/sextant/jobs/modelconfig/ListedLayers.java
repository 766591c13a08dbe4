package io.sextant.jobs.modelconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Fields that list the MoE layers, by id, by flag or by kind. */
final class ListedLayers {
  private static final List<String> IDS =
      List.of("moe_layers", "moe_layers_enum", "moe_layer_ids", "moe_layer_indices");
  private static final List<String> FLAGS =
      List.of("is_moe_layer", "moe_layer_layout", "moe_layer_freq");
  private static final List<String> BLOCKS = List.of("layers_block_type", "layer_types");
  private static final String PATTERN = "hybrid_override_pattern";

  /** The kind of a layer that consists of a single block. */
  private enum Block {
    MOE,
    MLP,
    OTHER
  }

  private static final Map<String, Block> KINDS =
      Map.of(
          "moe", Block.MOE,
          "hash_moe", Block.MOE,
          "sparse", Block.MOE,
          "mlp", Block.MLP,
          "dense", Block.MLP,
          "mamba", Block.OTHER,
          "mamba2", Block.OTHER,
          "attention", Block.OTHER,
          "linear_attention", Block.OTHER,
          "full_attention", Block.OTHER);

  private static final Map<String, String> LETTERS =
      Map.of("M", "mamba", "*", "attention", "-", "mlp", "E", "moe");

  private final ConfigFields fields;
  private final int layers;

  ListedLayers(ConfigFields fields, int layers) {
    this.fields = fields;
    this.layers = layers;
  }

  /**
   * A list of layers.
   *
   * @param field name of the field
   * @param moe layers with experts
   * @param dense layers with a dense MLP
   */
  record Listed(String field, List<Integer> moe, List<Integer> dense) {}

  /** The first list that the file has; null if it has none. */
  Listed find() {
    for (String field : IDS) {
      if (fields.has(field)) {
        return ids(field);
      }
    }
    for (String field : FLAGS) {
      if (fields.node(field).isArray()) {
        return kinds(field, flags(field));
      }
    }
    if (fields.has("mlp_layer_types")) {
      return kinds("mlp_layer_types", named("mlp_layer_types"));
    }
    for (String field : BLOCKS) {
      if (namesMlps(field) || (isNemotron() && fields.has(field))) {
        return kinds(field, named(field));
      }
    }
    if (fields.has(PATTERN)) {
      return kinds(PATTERN, letters());
    }
    return null;
  }

  /**
   * Number of layers according to the lists, for files without a number of layers; 0 if there is no
   * list.
   */
  static int count(ConfigFields fields) {
    JsonNode pattern = fields.node(PATTERN);
    String blocks = fields.firstOf(BLOCKS);
    return pattern.isTextual()
        ? pattern.textValue().length()
        : blocks == null ? 0 : fields.node(blocks).size();
  }

  /**
   * Most hybrid models list only the blocks that mix tokens; each of their layers also has an MLP.
   */
  private boolean namesMlps(String field) {
    for (JsonNode kind : fields.node(field)) {
      if (KINDS.getOrDefault(kind.asText(), Block.OTHER) != Block.OTHER) {
        return true;
      }
    }
    return false;
  }

  private boolean isNemotron() {
    return Family.plain(fields.family()).startsWith("nemotronh");
  }

  private Listed ids(String field) {
    JsonNode node = fields.node(field);
    List<String> tokens = new ArrayList<>();
    if (node.isTextual()) {
      tokens.addAll(List.of(node.textValue().split(",", -1)));
    } else if (node.isArray()) {
      node.forEach(id -> tokens.add(id.asText()));
    } else {
      throw fields.notUnderstood(field);
    }
    boolean[] moe = new boolean[layers + draftLayers()];
    for (String token : tokens) {
      int id = id(field, token.strip());
      if (id >= moe.length) {
        throw fields.refuse(
            field, "layer %d of %d".formatted(id, layers), "Layers count from 0; correct the file");
      }
      moe[id] = true;
    }
    return of(field, layer -> moe[layer], layer -> !moe[layer]);
  }

  private int id(String field, String token) {
    if (!token.matches("[0-9]{1,6}")) {
      throw fields.notUnderstood(field);
    }
    return Integer.parseInt(token);
  }

  private List<Block> flags(String field) {
    List<Block> blocks = new ArrayList<>();
    for (JsonNode flag : fields.node(field)) {
      boolean set = flag.isBoolean() ? flag.booleanValue() : flag.asInt(-1) == 1;
      boolean clear = flag.isBoolean() ? !flag.booleanValue() : flag.asInt(-1) == 0;
      if (set == clear) {
        throw fields.notUnderstood(field);
      }
      blocks.add(set ? Block.MOE : Block.MLP);
    }
    return blocks;
  }

  private List<Block> named(String field) {
    List<Block> blocks = new ArrayList<>();
    for (JsonNode kind : fields.node(field)) {
      blocks.add(block(field, kind.asText()));
    }
    return blocks;
  }

  private List<Block> letters() {
    List<Block> blocks = new ArrayList<>();
    for (char letter : fields.text(PATTERN).toCharArray()) {
      String kind = String.valueOf(letter);
      blocks.add(block(PATTERN, LETTERS.getOrDefault(kind, kind)));
    }
    return blocks;
  }

  private Block block(String field, String kind) {
    Block block = KINDS.get(kind);
    if (block == null) {
      throw fields.refuse(
          field,
          "a layer of kind '%s' is not understood".formatted(kind),
          "Write the model's description by hand; take one in conf/models as an example");
    }
    return block;
  }

  private Listed kinds(String field, List<Block> blocks) {
    if (blocks.size() != layers && blocks.size() != layers + draftLayers()) {
      throw fields.refuse(
          field,
          "%d entries for %d layers".formatted(blocks.size(), layers),
          "Give one entry per layer");
    }
    return of(
        field, layer -> blocks.get(layer) == Block.MOE, layer -> blocks.get(layer) == Block.MLP);
  }

  private Listed of(String field, IntPredicate moe, IntPredicate dense) {
    List<Integer> moeLayers = new ArrayList<>();
    List<Integer> denseLayers = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      if (moe.test(layer)) {
        moeLayers.add(layer);
      } else if (dense.test(layer)) {
        denseLayers.add(layer);
      }
    }
    return new Listed(field, moeLayers, denseLayers);
  }

  private int draftLayers() {
    return fields.first(FieldNames.DRAFT_LAYERS).orElse(0);
  }
}
