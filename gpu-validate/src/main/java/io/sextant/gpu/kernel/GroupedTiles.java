package io.sextant.gpu.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Divides the products of several experts into tiles and assigns these to blocks. Each tile goes to
 * the block that would be free first. The result is as if blocks took tiles from one list, but
 * without a shared counter.
 */
final class GroupedTiles {
  /** Number of integers per tile: first weight row, first output, first token, tokens. */
  static final int INTS = 4;

  /** Number of weight rows of a tile. */
  static final int ROWS = 128;

  /** Maximum number of tokens of a tile. */
  static final int TOKENS = 256;

  /** The number of tokens that a tile computes is a multiple of this. */
  private static final int WIDTH_STEP = 16;

  /** The fixed cost of a tile in units of tokens: reading its weights, starting and ending. */
  private static final int OVERHEAD_TOKENS = 56;

  /**
   * Maximum sizes of the parts of an expert. Smaller parts can fill the blocks more evenly, but
   * read more weights per token.
   */
  private static final int[] MOST_TOKENS = {TOKENS, 240, 224, 208, 192};

  /** Minimum gain for which parts are made smaller. */
  private static final double LEAST_GAIN = 0.02;

  private final int[] tiles;
  private final int[] firstTiles;

  private GroupedTiles(int[] tiles, int[] firstTiles) {
    this.tiles = tiles;
    this.firstTiles = firstTiles;
  }

  /**
   * The tiles of a product. Experts are cut into even parts, of the maximum size that is expected
   * to end first. (Full parts and a smaller rest fill the blocks better still, but the rests read
   * the weights a second time and were slower.)
   *
   * @param out number of outputs, a multiple of 128
   * @param mostBlocks maximum number of blocks
   */
  static GroupedTiles of(int[] tokensOfExpert, int out, int mostBlocks) {
    List<List<Column>> best = null;
    long least = Long.MAX_VALUE;
    for (int most : MOST_TOKENS) {
      List<List<Column>> parts = evenParts(tokensOfExpert, most);
      long span = span(parts, out / ROWS, mostBlocks);
      if (best == null || span < (1 - LEAST_GAIN) * least) {
        least = span;
        best = parts;
      }
    }
    int[] tiles = tiles(best, out);
    int blocks = Math.min(mostBlocks, tiles.length / INTS);
    return new GroupedTiles(tiles, firstTiles(tiles, blocks));
  }

  /** Per tile, its first weight row, first output, first token and number of tokens, by block. */
  int[] tiles() {
    return tiles;
  }

  /** The index of each block's first tile, followed by the number of tiles. */
  int[] firstTiles() {
    return firstTiles;
  }

  int blocks() {
    return firstTiles.length - 1;
  }

  /** The largest number of tokens of a tile. */
  int widest() {
    int widest = 0;
    for (int at = INTS - 1; at < tiles.length; at += INTS) {
      widest = Math.max(widest, tiles[at]);
    }
    return widest;
  }

  private record Column(int expert, int firstToken, int tokens) {}

  private static List<List<Column>> evenParts(int[] tokensOfExpert, int most) {
    List<List<Column>> groups = new ArrayList<>();
    int first = 0;
    for (int expert = 0; expert < tokensOfExpert.length; expert++) {
      int tokens = tokensOfExpert[expert];
      int parts = (tokens + most - 1) / most;
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
        groups.add(columns);
      }
    }
    return ordered(groups);
  }

  /**
   * Long tiles come first, so that the last ones to finish are short. Those of a group read the
   * same weights and are adjacent, so that the second one reads from the cache.
   */
  private static List<List<Column>> ordered(List<List<Column>> groups) {
    groups.sort(
        Comparator.comparingInt((List<Column> columns) -> -columns.get(0).tokens())
            .thenComparingInt(columns -> columns.get(0).expert()));
    return groups;
  }

  private static int[] tiles(List<List<Column>> groups, int out) {
    int rowTiles = out / ROWS;
    int[] tiles = new int[INTS * rowTiles * groups.stream().mapToInt(List::size).sum()];
    int at = 0;
    for (List<Column> columns : groups) {
      for (int rowTile = 0; rowTile < rowTiles; rowTile++) {
        for (Column column : columns) {
          tiles[at++] = column.expert() * out + rowTile * ROWS;
          tiles[at++] = rowTile * ROWS;
          tiles[at++] = column.firstToken();
          tiles[at++] = column.tokens();
        }
      }
    }
    return tiles;
  }

  /** The time at which the last block ends, in units of tokens. */
  private static long span(List<List<Column>> groups, int rowTiles, int blocks) {
    PriorityQueue<Long> free = new PriorityQueue<>();
    for (int block = 0; block < blocks; block++) {
      free.add(0L);
    }
    long last = 0;
    for (List<Column> columns : groups) {
      for (int rowTile = 0; rowTile < rowTiles; rowTile++) {
        for (Column column : columns) {
          long end = free.remove() + cost(column.tokens());
          last = Math.max(last, end);
          free.add(end);
        }
      }
    }
    return last;
  }

  /** Sorts the tiles by block. */
  private static int[] firstTiles(int[] tiles, int blocks) {
    int[] blockOfTile = new int[tiles.length / INTS];
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
      block[0] += cost(tiles[INTS * tile + INTS - 1]);
      free.add(block);
    }
    for (int block = 0; block < blocks; block++) {
      firstTiles[block + 1] += firstTiles[block];
    }
    int[] next = firstTiles.clone();
    int[] unsorted = tiles.clone();
    for (int tile = 0; tile < blockOfTile.length; tile++) {
      System.arraycopy(unsorted, INTS * tile, tiles, INTS * next[blockOfTile[tile]]++, INTS);
    }
    return firstTiles;
  }

  private static long cost(int tokens) {
    return (long) OVERHEAD_TOKENS + roundUp(tokens);
  }

  private static int roundUp(int tokens) {
    return (tokens + WIDTH_STEP - 1) / WIDTH_STEP * WIDTH_STEP;
  }
}
