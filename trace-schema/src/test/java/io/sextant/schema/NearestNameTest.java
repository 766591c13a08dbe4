package io.sextant.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> KNOWN = List.of("sglang", "vllm", "tensorrt-llm", "H200");

  @Test
  void findsWhatWasMeant() {
    assertThat(NearestName.remedy("sglagn", KNOWN)).isEqualTo("Did you mean sglang? ");
    assertThat(NearestName.remedy("VLLM", KNOWN)).isEqualTo("Did you mean vllm? ");
    assertThat(NearestName.remedy("h20", KNOWN)).isEqualTo("Did you mean H200? ");
    assertThat(NearestName.remedy("tensorrt_lm", KNOWN)).isEqualTo("Did you mean tensorrt-llm? ");
  }

  @Test
  void doesNotGuessWildly() {
    assertThat(NearestName.remedy("tgi", KNOWN)).isEmpty();
    assertThat(NearestName.remedy("", KNOWN)).isEmpty();
    assertThat(NearestName.remedy("sglang", List.of())).isEmpty();
  }
}
