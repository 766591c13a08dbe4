package io.sextant.jobs.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import org.junit.jupiter.api.Test;

class PairMemoryTest {
  private static final long GIB = 1L << 30;

  @Test
  void smallModelsUseEveryCore() {
    assertThat(PairMemory.tasks(ModelSpecs.load("sextant-128x8"), GIB, 64)).isEqualTo(64);
  }

  @Test
  void largeModelsCountInFewerTasks() {
    ModelSpec large = model(1024, 128);
    assertThat(PairMemory.bytes(large)).isEqualTo(3 * GIB);
    assertThat(PairMemory.tasks(large, 64 * GIB, 16)).isEqualTo(6);
    assertThat(PairMemory.tasks(large, 13 * GIB, 16)).isEqualTo(1);
  }

  @Test
  void aHeapThatIsTooSmallIsRefusedWithTheSizeToSet() {
    assertThatThrownBy(() -> PairMemory.tasks(model(1024, 128), 4 * GIB, 2))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "model large: the pairs of 1,024 experts in 128 layers need a heap of 13 GiB; it has"
                + " 4.0. Set SEXTANT_HEAP (under spark-submit: --driver-memory and"
                + " --executor-memory) to 13g");
  }

  private static ModelSpec model(int experts, int layers) {
    return ModelSpecs.parse(
        "large",
        """
        name: large
        layers: %d
        moe_layers: {first: 0, step: 1}
        experts: %d
        top_k: 16
        shared_experts: 0
        hidden: 7168
        expert_intermediate: 2048
        dense_intermediate: 0
        router: {scoring: softmax, groups: 1, groups_used: 1}
        attention: {heads: 64, key_value_heads: 8, head_dim: 128}
        vocabulary: 100000
        context: 4096
        packaging: bf16
        """
            .formatted(layers, experts));
  }
}
