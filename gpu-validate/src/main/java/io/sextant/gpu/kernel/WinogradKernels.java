package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;

/**
 * Kernels of 3 x 3 convolutions of stride 1 that keep the size, in binary16 with sums in FP32
 * ({@code winograd.cu}). Images are [image][row][column][channel]; the numbers of inputs and
 * outputs are multiples of 32.
 */
public final class WinogradKernels implements AutoCloseable {
  private static final int PIXELS = 128;
  private static final int STAGES = 4;
  private static final int PADDING = 4;
  private static final int INPUTS_OF_BLOCK = 16;

  private final CudaModule module;

  WinogradKernels(KernelCompiler compiler) {
    module = new CudaModule(compiler.compile("winograd", KernelCompiler.source("winograd.cu")));
  }

  /**
   * The addresses of a layer's inputs and outputs.
   *
   * @param x address of the inputs [images][side][side][in]
   * @param y address of the outputs [images][side][side][out]
   */
  public record Images(long x, long y, int images, int side, int in, int out) {}

  /** How a Winograd kernel divides the work. */
  public enum Shape {
    /** F(2,3), 32 tiles by 32 outputs per block. */
    F2_32(2, 32, 1, 16, 256, 32, "f2Dense32", "f2Sparse32"),
    /** F(2,3), 16 tiles by 64 outputs per block. */
    F2_64(2, 16, 2, 16, 256, 64, "f2Dense64", "f2Sparse64"),
    /** F(2,3), 16 tiles by 128 outputs per block. */
    F2_128(2, 16, 4, 32, 512, 128, "f2Dense128", "f2Sparse128"),
    /** F(4,3), 16 tiles by 32 outputs per block. */
    F4_32(4, 16, 2, 16, 384, 32, "f4Dense32", "f4Sparse32"),
    /** F(4,3), 16 tiles by 64 outputs per block. */
    F4_64(4, 16, 2, 16, 384, 64, "f4Dense64", "f4Sparse64");

    private final int tile;
    private final int tiles;
    private final int inputBlocks;
    private final int staged;
    private final int threads;
    private final int outputs;
    private final String dense;
    private final String sparse;

    Shape(
        int tile,
        int tiles,
        int inputBlocks,
        int staged,
        int threads,
        int outputs,
        String dense,
        String sparse) {
      this.tile = tile;
      this.tiles = tiles;
      this.inputBlocks = inputBlocks;
      this.staged = staged;
      this.threads = threads;
      this.outputs = outputs;
      this.dense = dense;
      this.sparse = sparse;
    }

    /** Number of tiles per block. */
    public int tiles() {
      return tiles;
    }

    /** Number of outputs per row of a tile: 2 for F(2,3), 4 for F(4,3). */
    public int tile() {
      return tile;
    }

    /** Number of outputs per block; a layer's number of outputs must be a multiple of it. */
    public int outputs() {
      return outputs;
    }

    /** Whether a layer's inputs and outputs divide into this kernel's steps and blocks. */
    public boolean fits(int in, int out) {
      return in % (inputBlocks * INPUTS_OF_BLOCK) == 0 && out % outputs == 0;
    }

    private int sharedBytes(int in) {
      int positions = (tile + 2) * (tile + 2);
      int stages = 2 * inputBlocks * positions * tiles * 32;
      int products = positions * tiles * (staged + PADDING) * Float.BYTES;
      return Math.max(stages, products) + positions * (in / INPUTS_OF_BLOCK) * Integer.BYTES;
    }
  }

  /**
   * Starts a direct convolution.
   *
   * @param weights address of [tap][out][in]
   */
  public void startDirect(CudaStream stream, Images images, long weights) {
    int outputs = images.out() % 64 == 0 ? 64 : 32;
    int depth = images.in() % 64 == 0 ? 64 : 32;
    int pixels = images.images() * images.side() * images.side();
    int blocks = (pixels + PIXELS - 1) / PIXELS * (images.out() / outputs);
    module
        .kernel("direct" + outputs + "x" + depth)
        .launch(
            stream,
            blocks,
            256,
            STAGES * (PIXELS + outputs) * depth * Short.BYTES,
            images.x(),
            weights,
            images.y(),
            images.images(),
            images.side(),
            images.in(),
            images.out());
  }

  /**
   * Starts a Winograd convolution.
   *
   * @param weights address of the blocks
   * @param meta address of the list of stored blocks; 0 if all blocks are stored, in order
   */
  public void startWinograd(
      CudaStream stream, Shape shape, Images images, long weights, long meta) {
    int perRow = (images.side() + shape.tile - 1) / shape.tile;
    int tiles = images.images() * perRow * perRow;
    int blocks = (tiles + shape.tiles - 1) / shape.tiles * (images.out() / shape.outputs);
    module
        .kernel(meta == 0 ? shape.dense : shape.sparse)
        .launch(
            stream,
            blocks,
            shape.threads,
            shape.sharedBytes(images.in()),
            images.x(),
            weights,
            meta,
            images.y(),
            images.images(),
            images.side(),
            images.in(),
            images.out());
  }

  @Override
  public void close() {
    module.close();
  }
}
