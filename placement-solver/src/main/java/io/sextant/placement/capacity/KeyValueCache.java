package io.sextant.placement.capacity;

import io.sextant.schema.spec.AttentionLayers;
import io.sextant.schema.spec.AttentionLayers.Linear;
import io.sextant.schema.spec.ModelSpec;

/**
 * What sequences keep on one GPU of a tensor-parallel group. Heads of keys and values are divided
 * over the group as far as there are heads; the compressed vector of latent attention is on every
 * GPU of the group.
 *
 * @param model the model, whose attention is described
 * @param elementBytes bytes of a cached element: 2 in BF16, 1 in FP8
 * @param group number of GPUs of the tensor-parallel group
 * @param multiToken whether the layers of multi-token prediction are served, which cache too
 */
public record KeyValueCache(ModelSpec model, int elementBytes, int group, boolean multiToken) {
  /** An FP8 key of the indexer and its scale (vLLM and SGLang keep one scale per 128 elements). */
  private static final int INDEXER_SCALE_BYTES = 4;

  /** States of linear attention are FP32, the inputs of its convolution BF16 (SGLang's default). */
  private static final int STATE_BYTES = 4;

  private static final int CONVOLUTION_BYTES = 2;

  /** Bytes of a token in one layer. */
  public long layerBytes() {
    AttentionLayers attention = model.memory().attention();
    if (attention.latent() != null) {
      long bytes =
          (long) (attention.latent().keyValueRank() + attention.latent().rotatedHeadDim())
              * elementBytes;
      return attention.indexer() == null
          ? bytes
          : bytes + attention.indexer().headDim() + INDEXER_SCALE_BYTES;
    }
    int heads = (model.attention().keyValueHeads() + group - 1) / group;
    return 2L * heads * model.attention().headDim() * elementBytes;
  }

  /** Bytes of one more token of a long sequence, in the layers that keep every token. */
  public long tokenBytes() {
    return layerBytes() * fullLayers();
  }

  /** Bytes of a sequence. */
  public long sequenceBytes(long context) {
    AttentionLayers attention = model.memory().attention();
    long others = (long) model.layers() - attention.fullLayers().size();
    long windowed = attention.window() > 0 ? others * Math.min(context, attention.window()) : 0;
    return layerBytes() * (fullLayers() * context + windowed)
        + (attention.linear() == null ? 0 : others * stateBytes(attention.linear()));
  }

  private long fullLayers() {
    return (long) model.memory().attention().fullLayers().size()
        + (multiToken ? model.mtpLayers() : 0);
  }

  private long stateBytes(Linear linear) {
    long keys = (long) linear.keyHeads() * linear.keyHeadDim();
    long values = (long) linear.valueHeads() * linear.valueHeadDim();
    long state = values * linear.keyHeadDim() * STATE_BYTES;
    long inputs = (2 * keys + values) * (linear.kernel() - 1) * CONVOLUTION_BYTES;
    return (state + inputs + group - 1) / group;
  }
}
