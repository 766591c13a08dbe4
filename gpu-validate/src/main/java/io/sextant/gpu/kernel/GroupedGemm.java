package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.cuda.CudaKernel;
import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.library.TensorMap;
import java.util.Arrays;

/**
 * The products of all experts of a projection in one launch ({@code grouped_gemm.cu}), in BF16 or
 * in E4M3 with one scale per token and one per output.
 */
public final class GroupedGemm implements AutoCloseable {
  private static final int TOKEN_STEP = 32;
  private static final int THREADS = 384;
  private static final int ALIGNMENT = 1024;
  private static final int RING_BYTES =
      4 * (GroupedTiles.ROWS + GroupedTiles.TOKENS) * TensorMap.TILE_WIDTH_BYTES;
  private static final int MOST_STAGES = 9;

  private final CudaModule module;
  private final int multiprocessors;

  /** Compiles and loads the kernel. */
  public GroupedGemm(CudaContext context, KernelCompiler compiler) {
    this(context, compiler, KernelCompiler.source("grouped_gemm.cu"));
  }

  /** As above, from a changed source, so that tests of the checks can plant faults. */
  GroupedGemm(CudaContext context, KernelCompiler compiler, String source) {
    module = new CudaModule(compiler.compile("grouped_gemm", WgmmaSource.text() + source));
    multiprocessors = context.multiprocessors();
  }

  /**
   * One projection's matrices on the device, all row-major.
   *
   * @param e4m3 true if the operands are E4M3 with scales, false if BF16
   * @param weights weights, shape [experts, out, k]
   * @param activations activations, shape [tokens, k], grouped by expert in the order of experts
   * @param outputs outputs in BF16, shape [tokens, out]
   * @param weightScales scales, shape [experts, out]; unused for BF16
   * @param tokenScales scales, shape [tokens]; unused for BF16
   * @param out number of outputs, a multiple of 128
   * @param k number of features, a multiple of 64 for BF16 and of 128 for E4M3
   */
  public record Projection(
      boolean e4m3,
      DeviceBuffer weights,
      DeviceBuffer activations,
      DeviceBuffer outputs,
      DeviceBuffer weightScales,
      DeviceBuffer tokenScales,
      int experts,
      int out,
      int k) {
    int rowBytes() {
      return e4m3 ? k : 2 * k;
    }
  }

  /** A prepared launch; its tile list stays on the device until it is closed. */
  public final class Launch implements AutoCloseable {
    private final Projection projection;
    private final CudaKernel kernel;
    private final DeviceBuffer tiles;
    private final DeviceBuffer firstTiles;
    private final int blocks;
    private final int stageBytes;
    private final TensorMap weightMap;
    private final TensorMap tokenMap;
    private final DeviceResources resources = new DeviceResources();

    private Launch(Projection projection, int[] tokensOfExpert) {
      this.projection = projection;
      GroupedTiles list = GroupedTiles.of(tokensOfExpert, projection.out(), multiprocessors);
      blocks = list.blocks();
      int fetched = (list.widest() + TOKEN_STEP - 1) / TOKEN_STEP * TOKEN_STEP;
      stageBytes = (GroupedTiles.ROWS + fetched) * TensorMap.TILE_WIDTH_BYTES;
      kernel = module.kernel(projection.e4m3() ? "groupedE4m3" : "groupedBf16");
      weightMap =
          TensorMap.of(
              projection.weights().address(),
              (long) projection.experts() * projection.out(),
              projection.rowBytes(),
              GroupedTiles.ROWS);
      tokenMap =
          TensorMap.of(
              projection.activations().address(),
              Arrays.stream(tokensOfExpert).sum(),
              projection.rowBytes(),
              TOKEN_STEP);
      try {
        tiles = resources.hold(DeviceBuffer.of(list.tiles()));
        firstTiles = resources.hold(DeviceBuffer.of(list.firstTiles()));
      } catch (RuntimeException | Error e) {
        resources.closeAfter(e);
        throw e;
      }
    }

    /** Starts the launch on a stream. */
    public void start(CudaStream stream) {
      kernel.launch(
          stream,
          blocks,
          THREADS,
          RING_BYTES + ALIGNMENT,
          weightMap.argument(),
          tokenMap.argument(),
          projection.outputs().address(),
          projection.out(),
          projection.rowBytes() / TensorMap.TILE_WIDTH_BYTES,
          tiles.address(),
          firstTiles.address(),
          Math.min(MOST_STAGES, RING_BYTES / stageBytes),
          stageBytes,
          projection.e4m3() ? projection.weightScales().address() : 0L,
          projection.e4m3() ? projection.tokenScales().address() : 0L);
    }

    @Override
    public void close() {
      resources.close();
    }
  }

  /**
   * Prepares a launch.
   *
   * @param tokensOfExpert number of tokens per expert, at least one in total
   */
  public Launch prepare(Projection projection, int[] tokensOfExpert) {
    return new Launch(projection, tokensOfExpert);
  }

  @Override
  public void close() {
    module.close();
  }
}
