package io.sextant.gpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.numerics.gemm.GemmInput;
import io.sextant.numerics.gemm.GemmSite;
import org.junit.jupiter.api.Test;

class SparseCandidateTest {
  @Test
  void oddShapesAreRefusedWithTheReason() {
    GemmSite site = new GemmSite("mlp.down", 512, 2048, GemmInput.BEFORE_SQUARED_RELU);
    assertThat(SparseCandidate.objection(site, 128)).isNull();
    assertThat(SparseCandidate.objection(site, 100))
        .isEqualTo("tokens and k must be multiples of 64");
    assertThat(SparseCandidate.objection(new GemmSite("x", 512, 100), 128)).isNotNull();
  }
}
