package io.sextant.placement.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TokenIndexTest {
  private static final int TOP_K = 3;

  @Property(tries = 100)
  void findsTheTokensOfEveryExpertAndPair(
      @ForAll @IntRange(min = 3, max = 8) int experts,
      @ForAll @IntRange(min = 1, max = 20) int tokens,
      @ForAll @IntRange(min = 0, max = 4) int further,
      @ForAll Random random) {
    List<Integer> every = new ArrayList<>(IntStream.range(0, experts).boxed().toList());
    short[] ids = new short[tokens * TOP_K];
    for (int t = 0; t < tokens; t++) {
      Collections.shuffle(every, random);
      for (int i = 0; i < TOP_K; i++) {
        ids[t * TOP_K + i] = every.get(i).shortValue();
      }
    }
    TokenIndex index =
        new TokenIndex(new LayerTokens(experts, TOP_K, ids, new byte[tokens]))
            .withExperts(experts + further);
    for (int a = 0; a < experts + further; a++) {
      assertThat(Arrays.copyOfRange(index.tokens(), index.from(a), index.to(a)))
          .isEqualTo(holding(ids, a, a));
      for (int b = 0; b < a; b++) {
        int[] both = holding(ids, a, b);
        assertThat(Arrays.copyOfRange(index.pairTokens(), index.pairFrom(a, b), index.pairTo(a, b)))
            .isEqualTo(both);
        assertThat(Arrays.copyOfRange(index.pairTokens(), index.pairFrom(b, a), index.pairTo(b, a)))
            .isEqualTo(both);
      }
    }
  }

  /** The tokens that hold both experts, ascending. */
  private static int[] holding(short[] ids, int a, int b) {
    return IntStream.range(0, ids.length / TOP_K)
        .filter(t -> holds(ids, t, a) && holds(ids, t, b))
        .toArray();
  }

  private static boolean holds(short[] ids, int token, int expert) {
    return IntStream.range(token * TOP_K, (token + 1) * TOP_K).anyMatch(i -> ids[i] == expert);
  }
}
