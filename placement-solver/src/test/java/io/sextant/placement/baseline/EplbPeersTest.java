package io.sextant.placement.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.SlotLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The baseline against DeepSeek's own answers and against its published algorithm. */
class EplbPeersTest {
  private static final int LAYERS = 6;
  private static final int EXPERTS = 128;

  /** The order of sums differs, and the original sums 32-bit floats. */
  private static final double ROUNDING = 1e-5;

  /** Four maps of six layers that DeepSeek's own code made from the counts of full days. */
  @ParameterizedTest(name = "{0} x {1}, {2} slots, layer {3}")
  @MethodSource("peersCases")
  void equalsDeepSeeksOwnAnswer(int nodes, int gpusPerNode, int slots, int layer)
      throws IOException {
    SlotLayout layout = SlotLayout.of(nodes, gpusPerNode, slots);
    double[] load = fullDays(layer);
    int[] peers = peersMap(nodes, gpusPerNode, slots, layer);
    assertThat(peers).hasSize(slots);
    requireEqual(load, EplbPlacement.global(load, layout), peers, layout);
  }

  static Stream<Arguments> peersCases() {
    int[][] clusters = {{4, 8, 128}, {4, 8, 160}, {8, 8, 128}, {8, 8, 192}};
    return Stream.of(clusters)
        .flatMap(
            c ->
                IntStream.range(0, LAYERS)
                    .mapToObj(layer -> Arguments.of(c[0], c[1], c[2], layer)));
  }

  /** Both policies on each layer of each sample day: 4 to 8. */
  @ParameterizedTest(name = "{0} x {1}, {2} slots, {3} groups")
  @CsvSource({
    "1, 8, 128, 1",
    "1, 8, 136, 8",
    "2, 4, 128, 8",
    "2, 4, 144, 4",
    "2, 8, 160, 16",
    "2, 8, 256, 2",
    "3, 8, 144, 1",
    "4, 1, 128, 4",
    "4, 4, 192, 16",
    "4, 8, 128, 1",
    "4, 8, 128, 4",
    "4, 8, 160, 1",
    "4, 8, 160, 8",
    "4, 8, 288, 32",
    "5, 8, 160, 8",
    "6, 8, 192, 16",
    "8, 8, 128, 1",
    "8, 8, 128, 8",
    "8, 8, 192, 1",
    "8, 8, 192, 16",
    "8, 8, 320, 64",
    "8, 16, 256, 8",
    "16, 8, 128, 1",
    "16, 8, 256, 16"
  })
  void equalsThePublishedAlgorithm(int nodes, int gpusPerNode, int slots, int groups) {
    SlotLayout layout = SlotLayout.of(nodes, gpusPerNode, slots);
    for (int day = 4; day <= 8; day++) {
      for (int layer = 0; layer < LAYERS; layer++) {
        double[] load = SampleTokens.load(SampleTokens.layer(layer, 4, day));
        int[] own =
            groups % nodes == 0
                ? EplbPlacement.hierarchical(load, groups, layout)
                : EplbPlacement.global(load, layout);
        int[] reference =
            EplbReference.rebalance(load, slots, groups, nodes, gpusPerNode).stream()
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .toArray();
        requireEqual(load, own, reference, layout);
      }
    }
  }

  private static void requireEqual(double[] load, int[] own, int[] other, SlotLayout layout) {
    assertThat(copies(own)).isEqualTo(copies(other));
    assertThat(maxOverMean(load, own, layout))
        .isCloseTo(maxOverMean(load, other, layout), within(ROUNDING));
  }

  /** Shape [experts]: tokens of days 4 to 7. */
  private static double[] fullDays(int layer) throws IOException {
    String[] lines =
        new String(resource("expert-counts-days4to7.csv"), StandardCharsets.UTF_8).split("\n");
    assertThat(lines).hasSize(LAYERS);
    return Stream.of(lines[layer].split(",")).mapToDouble(Double::parseDouble).toArray();
  }

  /** Shape [slots]: the logical expert in each slot. */
  private static int[] peersMap(int nodes, int gpusPerNode, int slots, int layer)
      throws IOException {
    JsonNode map =
        new ObjectMapper()
            .readTree(
                resource("eplb-days4to7-%dx%d-%dslots.json".formatted(nodes, gpusPerNode, slots)));
    JsonNode row = map.get("physical_to_logical_map").get(layer);
    return IntStream.range(0, row.size()).map(p -> row.get(p).intValue()).toArray();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = EplbPeersTest.class.getResourceAsStream("/placements/" + name)) {
      return in.readAllBytes();
    }
  }

  private static int[] copies(int[] slots) {
    int[] copies = new int[EXPERTS];
    for (int e : slots) {
      copies[e]++;
    }
    return copies;
  }

  /** Max/mean GPU load with an expert's load shared evenly by its copies. */
  private static double maxOverMean(double[] load, int[] slots, SlotLayout layout) {
    int[] copies = copies(slots);
    double[] gpu = new double[layout.gpus()];
    for (int p = 0; p < slots.length; p++) {
      gpu[layout.gpuOfSlot(p)] += load[slots[p]] / copies[slots[p]];
    }
    return Arrays.stream(gpu).max().orElseThrow() * gpu.length / Arrays.stream(gpu).sum();
  }
}
