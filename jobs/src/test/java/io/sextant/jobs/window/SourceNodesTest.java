package io.sextant.jobs.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.window.SourceNodes.Rule;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceNodesTest {
  private static final ClusterSpec LISTED = ClusterSpecs.load("4x8-h200");
  private static final ClusterSpec UNLISTED = ClusterSpecs.load("4x8-b200");

  @Test
  void theClustersFileListsTheNodes() {
    SourceNodes sources = SourceNodes.of(LISTED, 8);
    assertThat(sources.rule()).isEqualTo(Rule.LISTED);
    assertThat(IntStream.range(0, 8).map(rank -> sources.nodeOf(rank, 1)).toArray())
        .containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
    // A day on which the last ranks served nothing has the same mapping.
    assertThat(SourceNodes.of(LISTED, 5)).isEqualTo(sources);
    assertThat(sources.text())
        .isEqualTo(
            "source ranks 0 to 7 run on nodes [0, 0, 1, 1, 2, 2, 3, 3], as the cluster's"
                + " source_nodes say");
  }

  @ParameterizedTest
  @CsvSource({
    "0, SPREAD, 1",
    "1, SPREAD, 1",
    "3, EVEN, 4",
    "8, EVEN, 8",
    "17, GPUS, 32",
    "32, GPUS, 32"
  })
  void theNumberOfRanksIsReadFromTheTraces(int ranks, Rule rule, int deployed) {
    SourceNodes sources = SourceNodes.of(UNLISTED, ranks);
    assertThat(sources.rule()).isEqualTo(rule);
    assertThat(sources.ranks()).isEqualTo(deployed);
  }

  @Test
  void aRankPerGpuIsTheGpu() {
    SourceNodes sources = SourceNodes.of(LISTED, 32);
    assertThat(IntStream.range(0, 32).map(rank -> sources.gpuOf(rank, 77)).toArray())
        .isEqualTo(IntStream.range(0, 32).toArray());
    assertThat(sources.text()).isEqualTo("each of 32 source ranks is the GPU of its number");
  }

  @Test
  void withoutRanksRequestsAreSpreadOverTheNodes() {
    SourceNodes sources = SourceNodes.of(UNLISTED, 1);
    long[] perNode = new long[4];
    for (long request = 0; request < 4_000; request++) {
      perNode[sources.nodeOf(0, request)]++;
    }
    for (long count : perNode) {
      assertThat(count).isBetween(850L, 1_150L);
    }
    assertThat(SourceNodes.of(ClusterSpecs.load("gb200-nvl72"), 1).nodeOf(0, 9)).isZero();
  }

  @Test
  void ranksThatFitNothingNeedAMapping() {
    assertThatThrownBy(() -> SourceNodes.of(LISTED, 16))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "cluster 4x8-h200: the traces name 16 source ranks, source_nodes lists 8. Write"
                + " 'source_nodes: [...]' with the node of each rank, 0 to 3, into its description");
    assertThatThrownBy(() -> SourceNodes.of(UNLISTED, 40))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the traces name 40 source ranks, the cluster has 32 GPUs");
  }

  @Test
  void anAssumedMappingReportsAFurtherRank() {
    SourceNodes sources = SourceNodes.of(LISTED, 0);
    assertThatThrownBy(() -> sources.nodeOf(8, 1))
        .satisfies(
            thrown ->
                assertThat(UnknownRankException.causes(new RuntimeException("task", thrown)))
                    .isTrue());
  }
}
