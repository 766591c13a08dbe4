package io.sextant.gpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.gpu.kernel.Input;
import io.sextant.gpu.numerics.Recipe;
import io.sextant.schema.spec.ModelSpecs;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class SparseCandidateTest {
  @Test
  void onlyAProductAfterASquaredReluHasA24Operand() {
    assertThat(GemmSite.of(ModelSpecs.load("sextant-128x8")))
        .extracting(GemmSite::name, GemmSite::out, GemmSite::k, GemmSite::input)
        .contains(
            Tuple.tuple("mlp.up", 2048, 512, Input.ACTIVATIONS),
            Tuple.tuple("mlp.down", 512, 2048, Input.BEFORE_SQUARED_RELU));
    assertThat(GemmSite.of(ModelSpecs.load("llama3-8b"))).noneMatch(GemmSite::afterSquaredRelu);
  }

  @Test
  void oddShapesAreRefusedWithTheReason() {
    GemmSite site = new GemmSite("mlp.down", 512, 2048, Input.BEFORE_SQUARED_RELU);
    assertThat(SparseCandidate.objection(site, 128)).isNull();
    assertThat(SparseCandidate.objection(site, 100))
        .isEqualTo("tokens and k must be multiples of 64");
    assertThat(SparseCandidate.objection(new GemmSite("x", 512, 100), 128)).isNotNull();
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
