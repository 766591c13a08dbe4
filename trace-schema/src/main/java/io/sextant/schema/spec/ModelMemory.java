package io.sextant.schema.spec;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a model keeps in GPU memory, beyond the shape of its layers.
 *
 * @param sharedIntermediate inner width of all shared experts of a layer together
 * @param gatedExperts whether an expert has a gate: three matrices instead of two
 * @param tiedEmbeddings whether the output head is the embedding
 * @param otherParameters weights outside the language model, such as an image encoder's
 * @param attention the attention of its layers
 * @param packed the parts that each packaging holds in its format, by name of the packaging; the
 *     other parts stay in BF16
 * @param published the figures that the model's authors and its providers publish
 */
public record ModelMemory(
    int sharedIntermediate,
    boolean gatedExperts,
    boolean tiedEmbeddings,
    long otherParameters,
    AttentionLayers attention,
    Map<String, Set<Part>> packed,
    Published published)
    implements Serializable {

  /** Parts that a packaging holds unless the model's description says otherwise. */
  private static final Set<Part> USUALLY_PACKED =
      Set.of(Part.ATTENTION, Part.DENSE, Part.SHARED, Part.ROUTED);

  public ModelMemory {
    packed = Map.copyOf(packed);
  }

  /** A part of a model's weights. */
  public enum Part {
    ATTENTION("attention"),
    /** MLPs of the layers without experts. */
    DENSE("dense"),
    SHARED("shared"),
    /** Routed experts. */
    ROUTED("routed"),
    ROUTER("router"),
    EMBEDDINGS("embeddings"),
    /** Multi-token-prediction layers without their routed experts. */
    MTP("mtp"),
    MTP_ROUTED("mtp routed"),
    OTHER("other");

    private final String id;

    Part(String id) {
      this.id = id;
    }

    /** The name in {@code conf/models} and in tables. */
    public String id() {
      return id;
    }
  }

  /**
   * Published figures.
   *
   * @param parameters weights in billions, without multi-token prediction; null if not described
   * @param active weights that a token uses, in billions; null if not described
   * @param trainedContext longest sequence in training, in tokens; null if not described
   * @param limits longest sequences that providers serve
   */
  public record Published(
      Double parameters, Double active, Integer trainedContext, List<Limit> limits)
      implements Serializable {

    public Published {
      limits = List.copyOf(limits);
    }
  }

  /**
   * The longest sequence that a provider serves.
   *
   * @param provider name of the provider
   * @param context tokens of prompt and answer
   */
  public record Limit(String provider, int context) implements Serializable {}

  /** Whether a packaging holds a part in its format. */
  public boolean isPacked(Packaging packaging, Part part) {
    Part kind =
        switch (part) {
          case MTP -> Part.ATTENTION;
          case MTP_ROUTED -> Part.ROUTED;
          default -> part;
        };
    return packed.getOrDefault(packaging.name(), USUALLY_PACKED).contains(kind);
  }
}
