package io.sextant.numerics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownAlignmentsTest {
  private final KnownAlignments known =
      new KnownAlignments(
          Map.of("block0.ffn.up", 0.5, "block11.ffn.up", 0.9, "block1.ffn.down", 0.3));

  @Test
  void lendsTheSameProjectionOfTheNearestLayer() {
    assertThat(known.nearest("block11.ffn.up")).hasValue(Map.entry("block11.ffn.up", 0.9));
    assertThat(known.nearest("block2.ffn.up")).hasValue(Map.entry("block0.ffn.up", 0.5));
    assertThat(known.nearest("block10.ffn.up")).hasValue(Map.entry("block11.ffn.up", 0.9));
    assertThat(known.nearest("block2.attn.out")).isEmpty();
    assertThat(known.nearest("lm_head")).isEmpty();
  }
}
