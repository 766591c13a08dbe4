package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.library.TensorMap;
import io.sextant.numerics.attention.AttentionShape;

/**
 * 2-simplicial attention (arXiv 2507.02754) and dot-product attention on the tensor cores ({@code
 * simplicial.cu}), forward, in BF16, heads 128 wide. Query heads that share a key head are the rows
 * of a tile of 64; if there are fewer, the rest of the tile is idle.
 */
public final class AttentionKernels implements AutoCloseable {
  /** Maximum length of the second window; longer ones do not fit into shared memory. */
  public static final int MOST_SECOND_WINDOW = 90;

  private static final int WIDTH = AttentionShape.WIDTH;
  private static final int HEADS_OF_TILE = 64;
  private static final int TOKENS_OF_BLOCK = 2;
  private static final int THREADS = 128 * TOKENS_OF_BLOCK;
  private static final int CHUNK_ROWS = 129;
  private static final int STAGE_BYTES = 4 * 136 * 128;
  private static final int QUERY_BYTES = HEADS_OF_TILE * WIDTH * Short.BYTES;
  private static final int SECOND_ROW_BYTES = 4 * 80;
  private static final double LOGIT_SCALE = 1 / Math.sqrt(WIDTH);

  private final CudaModule module;

  /** Compiles and loads the kernels. */
  AttentionKernels(KernelCompiler compiler) {
    module = new CudaModule(compiler.compile("simplicial", KernelCompiler.source("simplicial.cu")));
  }

  /**
   * Operands in BF16 on the device.
   *
   * @param secondKeys second keys, in the layout of the keys; {@code null} for dot-product
   *     attention, like the second values
   */
  public record Operands(
      DeviceBuffer queries,
      DeviceBuffer keys,
      DeviceBuffer values,
      DeviceBuffer secondKeys,
      DeviceBuffer secondValues,
      DeviceBuffer outputs) {}

  /**
   * Starts 2-simplicial attention: a token sees the last {@code w1} keys and the last {@code w2}
   * second keys, including its own.
   *
   * @param w2 second window, at most {@link #MOST_SECOND_WINDOW}
   */
  public void simplicial(
      CudaStream stream, AttentionShape shape, Operands operands, int w1, int w2) {
    module
        .kernel("simplicialAttention")
        .launch(
            stream,
            blocks(shape),
            THREADS,
            2 * STAGE_BYTES
                + TOKENS_OF_BLOCK * QUERY_BYTES
                + 2 * SECOND_ROW_BYTES * (w2 + TOKENS_OF_BLOCK - 1),
            operands.queries().address(),
            map(shape, operands.keys()).argument(),
            map(shape, operands.values()).argument(),
            operands.secondKeys().address(),
            operands.secondValues().address(),
            operands.outputs().address(),
            shape.tokens(),
            shape.keyHeads(),
            shape.headsOfKey(),
            w1,
            w2,
            (float) LOGIT_SCALE);
  }

  /** Starts causal dot-product attention over all tokens. */
  public void dotProduct(CudaStream stream, AttentionShape shape, Operands operands) {
    module
        .kernel("dotProductAttention")
        .launch(
            stream,
            blocks(shape),
            THREADS,
            3 * STAGE_BYTES,
            operands.queries().address(),
            map(shape, operands.keys()).argument(),
            map(shape, operands.values()).argument(),
            operands.outputs().address(),
            shape.tokens(),
            shape.keyHeads(),
            shape.headsOfKey(),
            shape.tokens(),
            (float) LOGIT_SCALE);
  }

  private static int blocks(AttentionShape shape) {
    int tiles = (shape.headsOfKey() + HEADS_OF_TILE - 1) / HEADS_OF_TILE;
    return (shape.tokens() + TOKENS_OF_BLOCK - 1) / TOKENS_OF_BLOCK * shape.keyHeads() * tiles;
  }

  private static TensorMap map(AttentionShape shape, DeviceBuffer rows) {
    return TensorMap.of(
        rows.address(), shape.tokens(), (long) shape.keyHeads() * WIDTH * Short.BYTES, CHUNK_ROWS);
  }

  @Override
  public void close() {
    module.close();
  }
}
