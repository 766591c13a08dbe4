package io.sextant.placement.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CopyLimitsTest {

  @Test
  void anywhereForbidsNothing() {
    CopyLimits limits = CopyLimits.anywhere(3);
    assertThat(limits.oneNode()).isFalse();
    assertThat(limits.oncePerNode()).isFalse();
    assertThat(limits.ordered()).isFalse();
    assertThat(limits.related(0, 1)).isFalse();
    assertThat(limits.allows(1, 0, new int[] {0, 0, 0})).isTrue();
  }

  /** A node with more slots than there are experts must hold some of them twice. */
  @Test
  void ownNodesNeedsEnoughExpertsForANode() {
    assertThat(CopyLimits.ownNodes(12, new SlotLayout(2, 4, 3)).oncePerNode()).isTrue();
    assertThat(CopyLimits.ownNodes(11, new SlotLayout(2, 4, 3)).oncePerNode()).isFalse();
  }

  /** Fewer experts than slots on a GPU would leave a node without enough different ones. */
  @Test
  void oneNodeNeedsEnoughExpertsForAllNodes() {
    CopyLimits enough = CopyLimits.oneNode(6, new SlotLayout(2, 4, 3));
    assertThat(enough.oneNode()).isTrue();
    assertThat(enough.fewestInNode()).isEqualTo(3);
    assertThat(CopyLimits.oneNode(5, new SlotLayout(2, 4, 3)).oneNode()).isFalse();
  }

  @Test
  void ordersChainsStrictlyAndKeepsThemAmongMoreExperts() {
    CopyLimits chain =
        new CopyLimits(3, 0, false, new int[] {-1, 0, 1}, new int[] {1, 2, -1}).withExperts(5);
    assertThat(chain.experts()).isEqualTo(3);
    assertThat(chain.before()).containsExactly(-1, 0, 1, -1, -1);
    assertThat(chain.after()).containsExactly(1, 2, -1, -1, -1);
    assertThat(chain.ordered()).isTrue();
    assertThat(chain.related(0, 1)).isTrue();
    assertThat(chain.related(2, 1)).isTrue();
    assertThat(chain.related(0, 2)).isFalse();
    int[] places = {1, 3, 5, 0, 0};
    assertThat(chain.allows(1, 2, places)).isTrue();
    assertThat(chain.allows(1, 4, places)).isTrue();
    assertThat(chain.allows(1, 1, places)).isFalse();
    assertThat(chain.allows(1, 5, places)).isFalse();
    assertThat(chain.allows(0, 0, places)).isTrue();
    assertThat(chain.allows(2, 9, places)).isTrue();
    assertThat(chain.allows(3, 9, places)).isTrue();
  }
}
