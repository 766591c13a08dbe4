package io.sextant.numerics.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.spec.ModelSpecs;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class GemmSiteTest {
  @Test
  void onlyAProductAfterASquaredReluHasA24Operand() {
    assertThat(GemmSite.of(ModelSpecs.load("sextant-128x8")))
        .extracting(GemmSite::name, GemmSite::out, GemmSite::k, GemmSite::input)
        .contains(
            Tuple.tuple("mlp.up", 2048, 512, GemmInput.ACTIVATIONS),
            Tuple.tuple("mlp.down", 512, 2048, GemmInput.BEFORE_SQUARED_RELU));
    assertThat(GemmSite.of(ModelSpecs.load("llama3-8b"))).noneMatch(GemmSite::afterSquaredRelu);
  }

  @Test
  void a24KernelIsReadBackAndIsLessPlainThanADenseOne() {
    assertThat(Recipe.of("e4m3-sparse24")).isEqualTo(Recipe.E4M3_SPARSE24);
    assertThat(Recipe.of("e4m3-2-4")).isNull();
    assertThat(Recipe.dense()).hasSize(5).noneMatch(Recipe::sparse24);
    assertThat(Recipe.BF16.approximate()).isFalse();
    assertThat(Recipe.BF16_SPARSE24.approximate()).isTrue();
  }
}
