package io.sextant.schema.spec;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a model, as in its published configuration ({@code conf/models/<name>.yaml}).
 *
 * @param name the name used on the command line and as the {@code model=} partition
 * @param layers number of transformer layers, dense and MoE together
 * @param moeLayers absolute ids of the layers that route to experts, ascending; empty for a dense
 *     model
 * @param experts number of logical (routed) experts per MoE layer; 0 for a dense model
 * @param topK number of routed experts per token; 0 for a dense model
 * @param sharedExperts number of experts that every token uses besides the routed ones
 * @param hidden width of the residual stream, in elements
 * @param expertIntermediate inner width of one expert, in elements; 0 for a dense model
 * @param denseIntermediate inner width of a dense layer's MLP; 0 if no layer has one
 * @param denseActivation activation between the products of a dense layer's MLP
 * @param router the way in which experts are chosen; null for a dense model
 * @param attention the attention heads; null if the source does not say
 * @param vocabulary number of token ids
 * @param context maximum length of a sequence, in tokens
 * @param mtpLayers number of multi-token-prediction layers, which follow the last of the {@code
 *     layers} and have as many experts as a MoE layer; {@code num_nextn_predict_layers} of the
 *     published configuration
 * @param modelClass the first of the {@code architectures} in the published configuration; null if
 *     the description does not say
 * @param packaging the packaging in which the model's published weights are served, a name in
 *     {@code conf/packaging}; null if the description does not say
 * @param memory what its weights and caches consist of
 */
public record ModelSpec(
    String name,
    int layers,
    List<Integer> moeLayers,
    int experts,
    int topK,
    int sharedExperts,
    int hidden,
    int expertIntermediate,
    int denseIntermediate,
    Activation denseActivation,
    Router router,
    Attention attention,
    int vocabulary,
    int context,
    int mtpLayers,
    String modelClass,
    String packaging,
    ModelMemory memory)
    implements Serializable {

  public ModelSpec {
    moeLayers = List.copyOf(moeLayers);
  }

  /** Absolute ids of the multi-token-prediction layers, ascending. */
  public List<Integer> mtpLayerIds() {
    return IntStream.range(layers, layers + mtpLayers).boxed().toList();
  }

  /** The activation between the products of an MLP. */
  public enum Activation {
    /** Gated: the first product is twice as wide. */
    SWIGLU,
    /** max(x, 0)^2, without a gate. */
    SQUARED_RELU
  }

  /**
   * The way in which a token's experts are chosen.
   *
   * @param scoring {@code softmax}, {@code sigmoid} or {@code sqrtsoftplus}
   * @param groups number of groups that the experts are divided into; 1 if the router has no groups
   * @param groupsUsed number of groups that a token may use
   */
  public record Router(String scoring, int groups, int groupsUsed) implements Serializable {}

  /**
   * The attention heads of every layer.
   *
   * @param heads number of query heads
   * @param keyValueHeads number of heads of the keys and values
   * @param headDim width of one head, in elements
   */
  public record Attention(int heads, int keyValueHeads, int headDim) implements Serializable {}

  /** Number of weights of one expert: up and down projections, and gate if it has one. */
  public long expertWeights() {
    return (memory.gatedExperts() ? 3L : 2L) * hidden * expertIntermediate;
  }
}
