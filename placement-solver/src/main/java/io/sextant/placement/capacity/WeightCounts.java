package io.sextant.placement.capacity;

import io.sextant.schema.spec.AttentionLayers;
import io.sextant.schema.spec.AttentionLayers.Indexer;
import io.sextant.schema.spec.AttentionLayers.Latent;
import io.sextant.schema.spec.AttentionLayers.Linear;
import io.sextant.schema.spec.ModelMemory;
import io.sextant.schema.spec.ModelMemory.Part;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * A model's weights by part, from the shapes of its matrices. Norms, biases and attention sinks are
 * left out; they are less than 0.1 % of every model in {@code conf/models}.
 *
 * @param model the model
 * @param byPart number of weights of each part, every expert counted once
 */
public record WeightCounts(ModelSpec model, Map<Part, Long> byPart) {

  public WeightCounts {
    byPart = Collections.unmodifiableMap(new EnumMap<>(byPart));
  }

  /** The weights of a model whose attention is described. */
  public static WeightCounts of(ModelSpec model) {
    ModelMemory memory = model.memory();
    AttentionLayers attention = memory.attention();
    long hidden = model.hidden();
    int full = attention.window() > 0 ? model.layers() : attention.fullLayers().size();
    long moeLayers = model.moeLayers().size();
    long denseMatrices = model.denseActivation() == ModelSpec.Activation.SWIGLU ? 3 : 2;
    long shared = matrices(memory) * hidden * memory.sharedIntermediate();
    long router = model.experts() * hidden;
    Map<Part, Long> counts = new EnumMap<>(Part.class);
    counts.put(Part.ATTENTION, full * attention(model) + (model.layers() - full) * linear(model));
    counts.put(
        Part.DENSE,
        (model.layers() - moeLayers) * denseMatrices * hidden * model.denseIntermediate());
    counts.put(Part.SHARED, moeLayers * shared);
    counts.put(Part.ROUTED, moeLayers * model.experts() * model.expertWeights());
    counts.put(Part.ROUTER, moeLayers * router);
    counts.put(Part.EMBEDDINGS, (memory.tiedEmbeddings() ? 1L : 2L) * model.vocabulary() * hidden);
    // A projection of the two inputs, and one layer (DeepSeek-V3, arXiv:2412.19437, section 2.2).
    counts.put(
        Part.MTP, model.mtpLayers() * (2 * hidden * hidden + attention(model) + shared + router));
    counts.put(Part.MTP_ROUTED, (long) model.mtpLayers() * model.experts() * model.expertWeights());
    counts.put(Part.OTHER, memory.otherParameters());
    return new WeightCounts(model, counts);
  }

  /** Whether the description says enough: the attention of every layer. */
  public static boolean areKnown(ModelSpec model) {
    AttentionLayers attention = model.memory().attention();
    boolean allKinds =
        attention.window() > 0
            || attention.linear() != null
            || attention.fullLayers().size() == model.layers();
    return allKinds && (model.attention() != null || attention.latent() != null);
  }

  private static long matrices(ModelMemory memory) {
    return memory.gatedExperts() ? 3 : 2;
  }

  /** Weights of one layer with attention over tokens. */
  private static long attention(ModelSpec model) {
    AttentionLayers attention = model.memory().attention();
    long hidden = model.hidden();
    Latent latent = attention.latent();
    if (latent != null) {
      long queries = (long) latent.heads() * (latent.plainHeadDim() + latent.rotatedHeadDim());
      long rank = latent.queryRank();
      return (rank == 0 ? hidden * queries : hidden * rank + rank * queries)
          + hidden * (latent.keyValueRank() + latent.rotatedHeadDim())
          + (long) latent.keyValueRank()
              * latent.heads()
              * (latent.plainHeadDim() + latent.valueHeadDim())
          + (long) latent.heads() * latent.valueHeadDim() * hidden
          + indexer(model, attention.indexer());
    }
    ModelSpec.Attention heads = model.attention();
    long queries = (long) heads.heads() * heads.headDim();
    return hidden * queries * (attention.gated() ? 3 : 2)
        + 2 * hidden * heads.keyValueHeads() * heads.headDim();
  }

  private static long indexer(ModelSpec model, Indexer indexer) {
    return indexer == null
        ? 0
        : (long) model.memory().attention().latent().queryRank()
                * indexer.heads()
                * indexer.headDim()
            + (long) model.hidden() * (indexer.headDim() + indexer.heads());
  }

  /** Weights of one layer with linear attention: queries, keys, values, gate, two rates, output. */
  private static long linear(ModelSpec model) {
    Linear linear = model.memory().attention().linear();
    if (linear == null) {
      return 0;
    }
    long keys = (long) linear.keyHeads() * linear.keyHeadDim();
    long values = (long) linear.valueHeads() * linear.valueHeadDim();
    return model.hidden() * (2 * keys + 2 * values + 2L * linear.valueHeads())
        + (2 * keys + values) * linear.kernel()
        + values * model.hidden();
  }

  /** All weights without multi-token prediction, as publications count them. */
  public long total() {
    return byPart.values().stream().mapToLong(Long::longValue).sum() - multiToken();
  }

  /** The weights of multi-token prediction. */
  public long multiToken() {
    return byPart.get(Part.MTP) + byPart.get(Part.MTP_ROUTED);
  }

  /** The weights that a token uses, with one of the two embeddings. */
  public long active() {
    long embedding = model.memory().tiedEmbeddings() ? 0 : byPart.get(Part.EMBEDDINGS) / 2;
    return total()
        - byPart.get(Part.ROUTED)
        + (long) model.moeLayers().size() * model.topK() * model.expertWeights()
        - embedding
        - byPart.get(Part.OTHER);
  }

  /** Bytes of a part, every expert once, in a packaging or in BF16 if it does not hold the part. */
  public long bytes(Part part, Packaging packaging) {
    return (model.memory().isPacked(packaging, part) ? packaging : Packaging.BF16)
        .bytes(byPart.get(part));
  }
}
