package io.sextant.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/**
 * Tiles cover every output of every token exactly once, and blocks get about the same amount of
 * work.
 */
class GroupedTilesTest {
  private static final int OUT = 512;
  private static final int INTS = 4;

  @Property(tries = 200)
  void tilesCoverEveryOutputOnce(
      @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 0, max = 1100) Integer> tokens,
      @ForAll @IntRange(min = 1, max = 132) int blocks) {
    int[] tokensOfExpert = tokens.stream().mapToInt(Integer::intValue).toArray();
    GroupedTiles found = GroupedTiles.of(tokensOfExpert, OUT, blocks);
    int[] tiles = found.tiles();
    int[] firstTiles = found.firstTiles();
    assertThat(firstTiles[0]).isZero();
    assertThat(firstTiles[found.blocks()]).isEqualTo(tiles.length / INTS);
    Set<Long> covered = new HashSet<>();
    int[] firstOfExpert = new int[tokensOfExpert.length + 1];
    for (int expert = 0; expert < tokensOfExpert.length; expert++) {
      firstOfExpert[expert + 1] = firstOfExpert[expert] + tokensOfExpert[expert];
    }
    for (int tile = 0; tile < tiles.length; tile += INTS) {
      int expert = tiles[tile] / OUT;
      assertThat(tiles[tile] % OUT).isEqualTo(tiles[tile + 1]);
      assertThat(tiles[tile + 2]).isGreaterThanOrEqualTo(firstOfExpert[expert]);
      assertThat(tiles[tile + 2] + tiles[tile + 3]).isLessThanOrEqualTo(firstOfExpert[expert + 1]);
      for (int token = tiles[tile + 2]; token < tiles[tile + 2] + tiles[tile + 3]; token++) {
        assertThat(covered.add((long) token << 32 | tiles[tile + 1])).isTrue();
      }
    }
    assertThat(covered).hasSize(firstOfExpert[tokensOfExpert.length] * (OUT / 128));
  }

  @Test
  void unevenExpertsAreDealtOutEvenly() {
    // DeepSeek-V3's down projection, with uneven loads as in real traces.
    int[] tokens = {1024, 700, 410, 300, 200, 130, 80, 50, 32};
    GroupedTiles found = GroupedTiles.of(tokens, 7168, 132);
    int[] tiles = found.tiles();
    int[] firstTiles = found.firstTiles();
    int[] load = new int[132];
    for (int block = 0; block < load.length; block++) {
      for (int tile = firstTiles[block]; tile < firstTiles[block + 1]; tile++) {
        load[block] += tiles[INTS * tile + 3];
      }
    }
    double mean = Arrays.stream(load).average().orElseThrow();
    assertThat(Arrays.stream(load).max().orElseThrow()).isLessThan((int) (1.1 * mean));
  }
}
