package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.cuda.CudaKernel;
import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.library.TensorMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The products of all experts of a projection in one launch ({@code grouped_gemm.cu}), in BF16 or
 * in E4M3 with one scale per token and one per output.
 */
public final class GroupedGemm implements AutoCloseable {
  private static final int TILE_ROWS = 128;
  private static final int TILE_TOKENS = 256;
  private static final int TOKEN_STEP = 32;
  private static final int THREADS = 384;
  private static final int ALIGNMENT = 1024;
  private static final int RING_BYTES = 4 * (TILE_ROWS + TILE_TOKENS) * TensorMap.TILE_WIDTH_BYTES;
  private static final int MOST_STAGES = 9;
  private static final int TILE_INTS = 4;

  /** The fixed cost of a tile in units of tokens: reading its weights, starting and ending. */
  private static final int TILE_OVERHEAD_TOKENS = 56;

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
      int[] list = tiles(tokensOfExpert, projection.out());
      int widest = 0;
      for (int at = TILE_INTS - 1; at < list.length; at += TILE_INTS) {
        widest = Math.max(widest, list[at]);
      }
      blocks = Math.min(multiprocessors, list.length / TILE_INTS);
      int[] ofBlock = firstTiles(list, blocks);
      stageBytes = (TILE_ROWS + roundUp(widest)) * TensorMap.TILE_WIDTH_BYTES;
      kernel = module.kernel(projection.e4m3() ? "groupedE4m3" : "groupedBf16");
      weightMap =
          TensorMap.of(
              projection.weights().address(),
              (long) projection.experts() * projection.out(),
              projection.rowBytes(),
              TILE_ROWS);
      tokenMap =
          TensorMap.of(
              projection.activations().address(),
              java.util.Arrays.stream(tokensOfExpert).sum(),
              projection.rowBytes(),
              TOKEN_STEP);
      try {
        tiles = resources.hold(DeviceBuffer.of(list));
        firstTiles = resources.hold(DeviceBuffer.of(ofBlock));
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

  /**
   * Assigns the tiles to blocks and sorts them by block. Each tile goes to the block that would be
   * free first. The result is as if blocks took tiles from one list, but without a shared counter.
   *
   * @param tiles the tiles from {@link #tiles}; sorted in place
   * @return the index of each block's first tile, followed by the number of tiles
   */
  static int[] firstTiles(int[] tiles, int blocks) {
    int[] blockOfTile = new int[tiles.length / TILE_INTS];
    int[] firstTiles = new int[blocks + 1];
    PriorityQueue<long[]> free =
        new PriorityQueue<>(
            Comparator.comparingLong((long[] block) -> block[0])
                .thenComparingLong(block -> block[1]));
    for (int block = 0; block < blocks; block++) {
      free.add(new long[] {0, block});
    }
    for (int tile = 0; tile < blockOfTile.length; tile++) {
      long[] block = free.remove();
      blockOfTile[tile] = (int) block[1];
      firstTiles[blockOfTile[tile] + 1]++;
      block[0] += TILE_OVERHEAD_TOKENS + roundUp(tiles[TILE_INTS * tile + TILE_INTS - 1]);
      free.add(block);
    }
    for (int block = 0; block < blocks; block++) {
      firstTiles[block + 1] += firstTiles[block];
    }
    int[] next = firstTiles.clone();
    int[] unsorted = tiles.clone();
    for (int tile = 0; tile < blockOfTile.length; tile++) {
      System.arraycopy(
          unsorted, TILE_INTS * tile, tiles, TILE_INTS * next[blockOfTile[tile]]++, TILE_INTS);
    }
    return firstTiles;
  }

  private static int roundUp(int tokens) {
    return (tokens + TOKEN_STEP - 1) / TOKEN_STEP * TOKEN_STEP;
  }

  /**
   * The tiles in the order in which blocks take them. Long tiles come first, so that the last ones
   * to finish are short. Tiles that read the same weights are adjacent, so that the second one
   * reads from the cache.
   *
   * @return per tile, its first weight row, first output, first token and number of tokens
   */
  static int[] tiles(int[] tokensOfExpert, int out) {
    record Column(int expert, int firstToken, int tokens) {}
    List<List<Column>> experts = new ArrayList<>();
    int first = 0;
    for (int expert = 0; expert < tokensOfExpert.length; expert++) {
      int tokens = tokensOfExpert[expert];
      int parts = (tokens + TILE_TOKENS - 1) / TILE_TOKENS;
      List<Column> columns = new ArrayList<>();
      int left = tokens;
      for (int part = 0; part < parts; part++) {
        int even = (left + parts - part - 1) / (parts - part);
        int size = Math.min(left, roundUp(even));
        columns.add(new Column(expert, first + tokens - left, size));
        left -= size;
      }
      first += tokens;
      if (!columns.isEmpty()) {
        experts.add(columns);
      }
    }
    experts.sort(
        Comparator.comparingInt((List<Column> columns) -> -columns.get(0).tokens())
            .thenComparingInt(columns -> columns.get(0).expert()));
    int rowTiles = out / TILE_ROWS;
    int[] tiles = new int[TILE_INTS * rowTiles * experts.stream().mapToInt(List::size).sum()];
    int at = 0;
    for (List<Column> columns : experts) {
      for (int rowTile = 0; rowTile < rowTiles; rowTile++) {
        for (Column column : columns) {
          tiles[at++] = column.expert() * out + rowTile * TILE_ROWS;
          tiles[at++] = rowTile * TILE_ROWS;
          tiles[at++] = column.firstToken();
          tiles[at++] = column.tokens();
        }
      }
    }
    return tiles;
  }

  @Override
  public void close() {
    module.close();
  }
}
