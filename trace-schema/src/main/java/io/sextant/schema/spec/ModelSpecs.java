package io.sextant.schema.spec;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec.Activation;
import io.sextant.schema.spec.ModelSpec.Attention;
import io.sextant.schema.spec.ModelSpec.Router;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The models of {@code conf/models}. */
public final class ModelSpecs {
  private static final ConfFolder FOLDER = new ConfFolder("models", "model", "sextant-128x8");

  /** Expert ids are stored as signed 16-bit integers. */
  private static final int MOST_EXPERTS = Short.MAX_VALUE;

  private static final int MOST_LAYERS = 10_000;
  private static final String DENSE_ACTIVATION = "dense_activation";
  private static final String MTP_LAYERS = "mtp_layers";
  private static final String MODEL_CLASS = "model_class";
  private static final String PACKAGING = "packaging";

  private ModelSpecs() {}

  /**
   * Loads a model.
   *
   * @param nameOrPath a path that ends in {@code .yaml}, or a name. A name is looked up in the
   *     user's {@code conf/models}, then in the jar. The user's {@code conf} is the system property
   *     {@code sextant.conf}, else the environment variable {@code SEXTANT_CONF}, else {@code
   *     ./conf}
   * @throws io.sextant.schema.InvalidInputException naming the file and field, if there is no such
   *     model or a field is missing, unknown or invalid
   */
  public static ModelSpec load(String nameOrPath) {
    return parse(FOLDER.open(nameOrPath));
  }

  /**
   * Reads a description that is not in a file yet.
   *
   * @param where the name of the description in messages
   * @param yaml the text, as in a file of {@code conf/models}
   * @throws io.sextant.schema.InvalidInputException as {@link #load} does
   */
  public static ModelSpec parse(String where, String yaml) {
    return parse(YamlFields.parse(where, yaml.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Checks a name for a model.
   *
   * @param where the option or field that gives the name
   * @throws io.sextant.schema.InvalidInputException if the name cannot be a partition folder's name
   */
  public static void requireName(String where, String name) {
    if (!YamlFields.NAME.matcher(name).matches()) {
      throw InvalidInputException.of(
          where, name + " is not a name", "Use letters, digits, '.', '_' and '-'");
    }
  }

  /**
   * The file that {@link #load} reads.
   *
   * @throws io.sextant.schema.InvalidInputException if there is no such model
   */
  public static DescriptionFile file(String nameOrPath) {
    return FOLDER.file(nameOrPath);
  }

  /** Whether a description of this name is part of the program. */
  public static boolean isBuiltIn(String name) {
    return FOLDER.isBuiltIn(name);
  }

  /** The names that {@link #load} knows, sorted. */
  public static List<String> names() {
    return FOLDER.names();
  }

  private static ModelSpec parse(YamlFields fields) {
    String name = fields.name("name");
    int layers = fields.integer("layers", 1, MOST_LAYERS);
    List<Integer> moeLayers = new LayerIds(fields, layers).read("moe_layers");
    boolean dense = moeLayers.isEmpty();
    int experts = fields.integer("experts", dense ? 0 : 1, dense ? 0 : MOST_EXPERTS);
    int topK = fields.integer("top_k", dense ? 0 : 1, dense ? 0 : experts);
    int sharedExperts = fields.integer("shared_experts", 0, dense ? 0 : MOST_EXPERTS);
    int hidden = fields.integer("hidden", 1, Integer.MAX_VALUE);
    int expertIntermediate =
        fields.integer("expert_intermediate", dense ? 0 : 1, dense ? 0 : Integer.MAX_VALUE);
    // Blocks of hybrid models that only mix tokens have neither experts nor a dense MLP.
    int denseIntermediate = fields.integer("dense_intermediate", dense ? 1 : 0, Integer.MAX_VALUE);
    Activation denseActivation =
        fields.has(DENSE_ACTIVATION)
            ? Activation.valueOf(
                fields
                    .oneOf(DENSE_ACTIVATION, Set.of("swiglu", "squared-relu"))
                    .toUpperCase(Locale.ROOT)
                    .replace('-', '_'))
            : Activation.SWIGLU;
    Router router = dense ? null : router(fields.required("router"), experts);
    Attention attention = fields.optional("attention").map(ModelSpecs::attention).orElse(null);
    int vocabulary = fields.integer("vocabulary", 1, Integer.MAX_VALUE);
    int context = fields.integer("context", 1, Integer.MAX_VALUE);
    int mtpLayers =
        fields.has(MTP_LAYERS) ? fields.integer(MTP_LAYERS, 0, dense ? 0 : MOST_LAYERS) : 0;
    String modelClass = fields.has(MODEL_CLASS) ? fields.name(MODEL_CLASS) : null;
    String packaging = fields.has(PACKAGING) ? fields.name(PACKAGING) : null;
    ModelMemory memory =
        new ModelMemoryFields(fields, layers, dense).read(sharedExperts * expertIntermediate);
    fields.allowNoOther();
    return new ModelSpec(
        name,
        layers,
        moeLayers,
        experts,
        topK,
        sharedExperts,
        hidden,
        expertIntermediate,
        denseIntermediate,
        denseActivation,
        router,
        attention,
        vocabulary,
        context,
        mtpLayers,
        modelClass,
        packaging,
        memory);
  }

  private static Router router(YamlFields fields, int experts) {
    String scoring = fields.oneOf("scoring", Set.of("softmax", "sigmoid", "sqrtsoftplus"));
    int groups = fields.integer("groups", 1, experts);
    if (experts % groups != 0) {
      throw fields.wrong(
          "groups", groups + " does not divide " + experts + " experts", "Give a divisor of it");
    }
    int groupsUsed = fields.integer("groups_used", 1, groups);
    fields.allowNoOther();
    return new Router(scoring, groups, groupsUsed);
  }

  private static Attention attention(YamlFields fields) {
    int heads = fields.integer("heads", 1, Integer.MAX_VALUE);
    int keyValueHeads = fields.integer("key_value_heads", 1, heads);
    int headDim = fields.integer("head_dim", 1, Integer.MAX_VALUE);
    fields.allowNoOther();
    return new Attention(heads, keyValueHeads, headDim);
  }
}
