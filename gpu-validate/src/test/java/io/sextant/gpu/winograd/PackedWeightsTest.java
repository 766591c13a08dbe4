package io.sextant.gpu.winograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.gpu.RealCuts;
import io.sextant.numerics.format.Half;
import io.sextant.numerics.winograd.LayerPruner;
import io.sextant.numerics.winograd.WinogradTile;
import io.sextant.numerics.winograd.WinogradWeights;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads packed weights back in the order of the tensor cores. */
class PackedWeightsTest {
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.99})
  void everyWeightIsWhereTheThreadExpectsIt(double sparsity) throws IOException {
    LayerPruner pruner = new LayerPruner(RealCuts.layers().get(2), WinogradTile.F2);
    WinogradWeights weights = pruner.blocks(sparsity);
    int outputsOfBlock = 64;
    PackedWeights packed = PackedWeights.of(weights, outputsOfBlock, false);
    assertThat(packed.sparsity(weights)).isCloseTo(sparsity, offset());
    double[] read = new double[weights.values().length];
    int inputBlocks = weights.in() / 16;
    int outputBlocks = weights.out() / outputsOfBlock;
    for (int entry = 0; entry < packed.meta().length; entry++) {
      int first = packed.meta()[entry] >>> 16;
      int position = entry / inputBlocks / outputBlocks;
      for (int n = 0; n < outputsOfBlock / 8; n++) {
        if ((packed.meta()[entry] >> n & 1) == 0) {
          continue;
        }
        for (int thread = 0; thread < 32; thread++) {
          int output = entry / inputBlocks % outputBlocks * outputsOfBlock + 8 * n + thread / 4;
          int[] inputs = {0, 1, 8, 9};
          for (int value = 0; value < 4; value++) {
            int input = entry % inputBlocks * 16 + 2 * (thread % 4) + inputs[value];
            read[weights.index(position, output, input)] =
                Half.value(packed.blocks()[(first * 32 + thread) * 4 + value]);
          }
        }
        first++;
      }
    }
    assertThat(read).isEqualTo(weights.rounded().values());
  }

  private static Offset<Double> offset() {
    return Offset.offset(0.001);
  }

  @Test
  void moreBlocksThanTheKernelCanNumberAreRefused() {
    double[] values = new double[WinogradTile.F4.positions() * 512 * 512];
    Arrays.fill(values, 1);
    WinogradWeights weights = new WinogradWeights(WinogradTile.F4, 512, 512, values);
    assertThatThrownBy(() -> PackedWeights.of(weights, 64, false))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "a layer of 512 inputs and 512 outputs: 73,728 blocks are left; the sparse kernel"
                + " can number 65,536. Raise --sparsity, or remove the layer");
  }
}
