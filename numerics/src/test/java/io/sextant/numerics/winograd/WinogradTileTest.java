package io.sextant.numerics.winograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class WinogradTileTest {
  private static double[] random(long seed, int count) {
    return new Random(seed).doubles(count, -1, 1).toArray();
  }

  @Property(tries = 200)
  void aTileIsTheDirectConvolution(@ForAll WinogradTile tile, @ForAll long seed) {
    double[] inputs = random(seed, tile.positions());
    double[] taps = random(~seed, WinogradTile.TAPS);
    double[] products = tile.input(inputs);
    double[] kernel = tile.kernel(taps);
    for (int i = 0; i < products.length; i++) {
      products[i] *= kernel[i];
    }
    double[] outputs = tile.output(products);
    int m = tile.outputs();
    for (int row = 0; row < m; row++) {
      for (int column = 0; column < m; column++) {
        double expected = 0;
        for (int tap = 0; tap < WinogradTile.TAPS; tap++) {
          expected += taps[tap] * inputs[(row + tap / 3) * tile.inputs() + column + tap % 3];
        }
        assertThat(outputs[row * m + column]).isCloseTo(expected, within(1e-12));
      }
    }
  }

  @Property(tries = 100)
  void aWinogradWeightIsALinearFunctionalOfTheTaps(@ForAll WinogradTile tile, @ForAll long seed) {
    double[] taps = random(seed, WinogradTile.TAPS);
    double[] kernel = tile.kernel(taps);
    for (int position = 0; position < tile.positions(); position++) {
      double[] functional = tile.functional(position);
      double sum = 0;
      for (int tap = 0; tap < taps.length; tap++) {
        sum += functional[tap] * taps[tap];
      }
      assertThat(sum).isCloseTo(kernel[position], within(1e-12));
    }
  }

  @Property(tries = 50)
  void theEnergyOfAPositionIsThatOfItsOutputs(@ForAll WinogradTile tile) {
    for (int position = 0; position < tile.positions(); position++) {
      double[] products = new double[tile.positions()];
      products[position] = 1;
      double energy = Arrays.stream(tile.output(products)).map(value -> value * value).sum();
      assertThat(tile.outputEnergy(position)).isCloseTo(energy, within(1e-9));
    }
  }
}
