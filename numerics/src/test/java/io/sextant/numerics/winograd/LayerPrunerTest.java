package io.sextant.numerics.winograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real layers pruned under a budget of output error. */
class LayerPrunerTest {
  @ParameterizedTest
  @EnumSource(WinogradTile.class)
  void aWholeLayerIsTheDirectConvolution(WinogradTile tile) throws IOException {
    for (ConvLayer layer : FaceLayers.all()) {
      double[] winograd =
          WinogradConvolution.outputs(
              new InputTiles(layer, tile, false), WinogradWeights.of(layer, tile));
      assertThat(DirectConvolution.relativeError(winograd, DirectConvolution.outputs(layer, false)))
          .isLessThan(1e-6);
    }
  }

  @ParameterizedTest
  @EnumSource(WinogradTile.class)
  void importanceIsTheEnergyOfTheErrorOfLeavingOneWeightOut(WinogradTile tile) throws IOException {
    // 8 x 8 outputs are whole tiles, so no output of a tile is cut off.
    ConvLayer layer = FaceLayers.all().get(2);
    InputTiles tiles = new InputTiles(layer, tile, false);
    WinogradWeights weights = WinogradWeights.of(layer, tile);
    float[] importance = Importance.of(weights, tiles);
    double[] exact = WinogradConvolution.outputs(tiles, weights);
    for (int index = 17; index < importance.length; index += importance.length / 5) {
      double[] values = weights.values().clone();
      values[index] = 0;
      double[] pruned =
          WinogradConvolution.outputs(
              tiles, new WinogradWeights(tile, weights.out(), weights.in(), values));
      double energy = 0;
      for (int i = 0; i < exact.length; i++) {
        energy += (pruned[i] - exact[i]) * (pruned[i] - exact[i]);
      }
      assertThat(energy / tiles.count()).isCloseTo(importance[index], within(1e-4 * energy));
    }
  }

  @ParameterizedTest
  @EnumSource(WinogradTile.class)
  void bothGoFurtherThanEitherAndStayWithinTheBudget(WinogradTile tile) throws IOException {
    LayerPruner pruner = new LayerPruner(FaceLayers.all().get(2), tile);
    PrunedLayer spatial = pruner.prune(PruningMethod.SPATIAL, 0.03);
    PrunedLayer direct = pruner.prune(PruningMethod.DIRECT, 0.03);
    PrunedLayer both = pruner.prune(PruningMethod.BOTH, 0.03);
    PrunedLayer blocks = pruner.prune(PruningMethod.BLOCKS, 0.03);
    assertThat(Arrays.asList(spatial, direct, both, blocks))
        .allMatch(pruned -> pruned.error() <= 0.03)
        .allMatch(pruned -> pruned.errorOfOthers() > pruned.error());
    assertThat(both.sparsity())
        .isGreaterThan(Math.max(spatial.sparsity(), direct.sparsity()) + 0.01);
    assertThat(spatial.sparsity()).isBetween(0.15, 0.35);
    assertThat(direct.sparsity()).isBetween(0.1, 0.35);
    assertThat(blocks.sparsity()).isLessThan(direct.sparsity());
    assertThat(pruner.prune(PruningMethod.BOTH, 0.01).sparsity()).isLessThan(both.sparsity());
  }

  @Test
  void oneImageIsNotEnough() throws IOException {
    ConvLayer layer = FaceLayers.all().get(1);
    ConvLayer one =
        new ConvLayer(
            layer.name(),
            layer.out(),
            layer.in(),
            layer.weights(),
            1,
            layer.side(),
            Arrays.copyOf(layer.activations(), layer.activations().length / 2));
    assertThatThrownBy(() -> new LayerPruner(one, WinogradTile.F2))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "conv64_1.conv1: there is one image. Give two: one to choose from, one to judge on");
  }

  @Test
  void binary16CostsFourTimesAsMuchInF4AsInDirectConvolution() throws IOException {
    for (ConvLayer layer : FaceLayers.all()) {
      HalfErrors errors = HalfErrors.of(layer);
      assertThat(errors.direct()).isBetween(2e-4, 3e-4);
      assertThat(errors.f2()).isBetween(errors.direct(), 2 * errors.direct());
      assertThat(errors.f4()).isBetween(3 * errors.direct(), 6 * errors.direct());
    }
  }
}
