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
 * in E4M3 with a scale a token and a scale an output.
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

  /** What a tile takes besides its tokens, in tokens: reading its weights, starting and ending. */
  private static final int TILE_OVERHEAD_TOKENS = 56;

  private final CudaModule module;
  private final int multiprocessors;

  /** Compiles and loads it. */
  public GroupedGemm(CudaContext context, KernelCompiler compiler) {
    this(context, compiler, KernelCompiler.source("grouped_gemm.cu"));
  }

  /** As the other, from a changed source: what a check of the checks plants faults in. */
  GroupedGemm(CudaContext context, KernelCompiler compiler, String source) {
    module = new CudaModule(compiler.compile("grouped_gemm", WgmmaSource.text() + source));
    multiprocessors = context.multiprocessors();
  }

  /**
   * One projection's matrices on the device, all row-major.
   *
   * @param e4m3 whether the operands are E4M3 with scales, or BF16
   * @param weights [experts, out, k]
   * @param activations [tokens, k], an expert's tokens together, in the order of experts
   * @param outputs [tokens, out] in BF16
   * @param weightScales [experts, out]; unused for BF16
   * @param tokenScales [tokens]; unused for BF16
   * @param out a multiple of 128
   * @param k a multiple of 64 for BF16, of 128 for E4M3
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

  /** A launch made ready; its tile list lies on the device until it is closed. */
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

    /** Starts it on a stream. */
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
   * Makes a launch ready.
   *
   * @param tokensOfExpert how many tokens each expert has, at least one in all
   */
  public Launch prepare(Projection projection, int[] tokensOfExpert) {
    return new Launch(projection, tokensOfExpert);
  }

  /**
   * Deals the tiles out and sorts them by block: each in turn goes to the block that would be free
   * first, as if blocks took them from one list, without a counter that all of them wait for.
   *
   * @param tiles as {@link #tiles} makes them; sorted in place
   * @return of each block its first tile, and the number of tiles
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
   * The tiles in the order in which blocks take them: long ones first, so that the last to end are
   * short; tiles that read the same weights next to one another, so that the cache serves the
   * second.
   *
   * @return of each tile its first weight row, first output, first token and number of tokens
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
