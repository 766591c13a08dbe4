package io.sextant.placement.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokenClassesTest {
  private static final int EXPERTS = 16;

  /** Copy number ((i x 2654435769) mod 2^32) mod copies, i the index in the rank's batch. */
  @Property(tries = 40)
  void hashesTheIndexInTheBatchOfTheRank(
      @ForAll @IntRange(min = 1, max = 6) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 1, max = 300) int microBatch,
      @ForAll @IntRange(min = 1, max = 9) int copies,
      @ForAll @IntRange(min = 0, max = 5) int layer) {
    LayerProblem problem = problem(CopyRule.TOKEN_HASH, nodes, gpusPerNode, microBatch, layer);
    LayerTokens tokens = problem.tokens();
    int[] numbers = TokenClasses.of(problem);
    assertThat(numbers).hasSize(tokens.tokens());
    for (int t = 0; t < numbers.length; t++) {
      int index = 0;
      for (int earlier = t - t % microBatch; earlier < t; earlier++) {
        boolean sameRank =
            tokens.sourceNode()[earlier] == tokens.sourceNode()[t]
                && tokens.sourceLocalGpu()[earlier] == tokens.sourceLocalGpu()[t];
        index += sameRank ? 1 : 0;
      }
      int copy =
          BigInteger.valueOf(2_654_435_769L)
              .multiply(BigInteger.valueOf(index))
              .mod(BigInteger.TWO.pow(32))
              .mod(BigInteger.valueOf(copies))
              .intValueExact();
      assertThat(Integer.remainderUnsigned(numbers[t], copies)).isEqualTo(copy);
    }
  }

  @Property(tries = 20)
  void takesTheNumberOfTheRank(
      @ForAll @IntRange(min = 1, max = 6) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 1, max = 9) int copies) {
    LayerProblem problem = problem(CopyRule.RANK, nodes, gpusPerNode, 100, 1);
    LayerTokens tokens = problem.tokens();
    int[] numbers = TokenClasses.of(problem);
    for (int t = 0; t < numbers.length; t++) {
      int rank = tokens.sourceNode()[t] * gpusPerNode + tokens.sourceLocalGpu()[t];
      assertThat(Integer.remainderUnsigned(numbers[t], copies)).isEqualTo(rank % copies);
    }
  }

  /** The first numbers of vLLM's hash, by hand: 0, 2654435769 and 5308871538 - 2^32. */
  @Test
  void hashesAsComputedByHand() {
    LayerTokens tokens = new LayerTokens(4, 1, new short[3], new byte[3]);
    LayerProblem problem =
        new LayerProblem(
            new SlotLayout(2, 1, 2), tokens, 8, CopyRule.TOKEN_HASH, Transport.NODE_DEDUPLICATED);
    assertThat(TokenClasses.of(problem))
        .containsExactly(0, (int) 2_654_435_769L, (int) (5_308_871_538L - 4_294_967_296L));
  }

  @ParameterizedTest
  @EnumSource(
      value = CopyRule.class,
      names = {"TOKEN_HASH", "RANK"},
      mode = EnumSource.Mode.EXCLUDE)
  void refusesRulesWithoutViews(CopyRule rule) {
    assertThatThrownBy(() -> TokenClasses.of(problem(rule, 2, 2, 100, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(rule + " has no views");
  }

  private static LayerProblem problem(
      CopyRule rule, int nodes, int gpusPerNode, int microBatch, int layer) {
    return new LayerProblem(
        new SlotLayout(nodes, gpusPerNode, EXPERTS),
        SampleTokens.onGpus(SampleTokens.folded(layer, EXPERTS, 4, nodes, 400), gpusPerNode),
        microBatch,
        rule,
        Transport.NODE_DEDUPLICATED);
  }
}
