package io.sextant.schema.spec;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a model, as its published configuration gives it ({@code conf/models/<name>.yaml}).
 *
 * @param name the name used on the command line and as the {@code model=} partition
 * @param layers transformer layers, dense and MoE together
 * @param moeLayers absolute ids of the layers that route to experts, ascending; empty for a dense
 *     model
 * @param experts logical (routed) experts per MoE layer; 0 for a dense model
 * @param topK routed experts each token uses; 0 for a dense model
 * @param sharedExperts experts every token uses besides the routed ones
 * @param hidden width of the residual stream, in elements
 * @param expertIntermediate inner width of one expert, in elements; 0 for a dense model
 * @param denseIntermediate inner width of a dense layer's MLP; 0 if no layer has one
 * @param denseActivation what a dense layer's MLP has between its products
 * @param router how experts are chosen; null for a dense model
 * @param attention the attention heads; null where the source does not say
 * @param vocabulary token ids
 * @param context longest sequence, in tokens
 * @param mtpLayers multi-token-prediction layers, with as many experts as a MoE layer, after the
 *     last of the {@code layers}; {@code num_nextn_predict_layers} of the published configuration
 * @param modelClass the first of the {@code architectures} that the published configuration lists;
 *     null if the description does not say
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
    String modelClass)
    implements Serializable {

  public ModelSpec {
    moeLayers = List.copyOf(moeLayers);
  }

  /** Absolute ids of the multi-token-prediction layers, ascending. */
  public List<Integer> mtpLayerIds() {
    return IntStream.range(layers, layers + mtpLayers).boxed().toList();
  }

  /** What an MLP has between its products. */
  public enum Activation {
    /** Gated: the first product is twice as wide. */
    SWIGLU,
    /** max(x, 0)^2, without a gate. */
    SQUARED_RELU
  }

  /**
   * How a token's experts are chosen.
   *
   * @param scoring {@code softmax}, {@code sigmoid} or {@code sqrtsoftplus}
   * @param groups groups the experts are divided into; 1 where the router has none
   * @param groupsUsed groups a token may use
   */
  public record Router(String scoring, int groups, int groupsUsed) implements Serializable {}

  /**
   * The attention heads of every layer.
   *
   * @param heads query heads
   * @param keyValueHeads heads that keys and values are kept for
   * @param headDim width of one head, in elements
   */
  public record Attention(int heads, int keyValueHeads, int headDim) implements Serializable {}

  /** Weights of one expert (gate, up and down projections) at {@code bytesPerWeight}. */
  public long expertBytes(int bytesPerWeight) {
    return 3L * hidden * expertIntermediate * bytesPerWeight;
  }
}
