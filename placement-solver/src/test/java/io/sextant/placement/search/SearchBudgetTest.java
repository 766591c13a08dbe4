package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchBudgetTest {

  /** A plan is a function of its seconds and its seed: other steps would be other plans. */
  @ParameterizedTest
  @CsvSource({
    "0.3, 10000, 300000, 22500, 11250, 60000, 15",
    "1, 12500, 1000000, 75000, 37500, 200000, 50",
    "3, 37500, 1500000, 225000, 112500, 1000000, 150",
    "8, 50000, 2000000, 600000, 150000, 3000000, 400",
    "30, 93750, 2000000, 2250000, 150000, 11800000, 1500",
    "100, 150000, 2000000, 7500000, 150000, 39800000, 5000"
  })
  void secondsAreSteps(
      double seconds,
      int sample,
      long division,
      long copies,
      long packing,
      long joint,
      int polish) {
    assertThat(SearchBudget.forSeconds(seconds))
        .isEqualTo(new SearchBudget(sample, division, copies, packing, joint, polish));
  }

  @Test
  void lighterHasFewerStepsAndCoarserFewerTokens() {
    SearchBudget budget = new SearchBudget(1_000, 80, 60, 40, 20, 9);
    assertThat(budget.lighter(4)).isEqualTo(new SearchBudget(1_000, 20, 15, 10, 5, 2));
    assertThat(budget.coarser(3)).isEqualTo(new SearchBudget(333, 80, 60, 40, 20, 9));
    assertThat(new SearchBudget(1, 0, 0, 0, 0, 0).coarser(2).sampleTokens()).isEqualTo(1);
  }
}
