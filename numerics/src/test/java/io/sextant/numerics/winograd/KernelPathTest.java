package io.sextant.numerics.winograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Projections of real kernels on null spaces, in the metric of their real inputs. */
class KernelPathTest {
  private static ConvLayer layer() throws IOException {
    return FaceLayers.all().get(2);
  }

  @Property(tries = 60)
  void projectedKernelsHaveTheZerosAndTheEnergyOfTheirSteps(
      @ForAll WinogradTile tile,
      @ForAll @IntRange(max = 127) int output,
      @ForAll @IntRange(max = 127) int input)
      throws IOException {
    ConvLayer layer = layer();
    PatchMetric metric = PatchMetric.of(layer, input, tile);
    KernelPath path = KernelPath.of(layer.taps(output, input), metric);
    double size = 0;
    for (double tap : path.kernels()[0]) {
      size = Math.max(size, Math.abs(tap));
    }
    for (int step = 1; step < path.kernels().length; step++) {
      double[] transformed = tile.kernel(path.kernels()[step]);
      for (int position = 0; position < transformed.length; position++) {
        if ((path.masks()[step] >> position & 1) != 0) {
          assertThat(transformed[position]).isCloseTo(0, within(1e-6 * size));
        }
      }
      assertThat(path.zeros()[step]).isGreaterThan(path.zeros()[step - 1]);
      assertThat(path.energies()[step]).isGreaterThanOrEqualTo(path.energies()[step - 1]);
      double expected =
          energy(layer, input, path.kernels()[0], path.kernels()[step])
              + metric.ridge() * distance(path.kernels()[0], path.kernels()[step]);
      assertThat(path.energies()[step]).isCloseTo(expected, within(1e-4 * expected + 1e-15));
    }
    assertThat(path.zeros()[WinogradTile.TAPS]).isEqualTo(tile.positions());
    int[] hull = path.hull();
    for (int i = 2; i < hull.length; i++) {
      assertThat(path.slope(hull[i - 1], hull[i]))
          .isGreaterThan(path.slope(hull[i - 2], hull[i - 1]));
    }
  }

  private static double distance(double[] before, double[] after) {
    double squares = 0;
    for (int tap = 0; tap < before.length; tap++) {
      squares += (after[tap] - before[tap]) * (after[tap] - before[tap]);
    }
    return squares;
  }

  /** Mean energy of the change in this input's part of an output. */
  private static double energy(ConvLayer layer, int input, double[] before, double[] after) {
    double energy = 0;
    int side = layer.side();
    for (int image = 0; image < layer.images(); image++) {
      for (int pixel = 0; pixel < side * side; pixel++) {
        double change = 0;
        for (int tap = 0; tap < WinogradTile.TAPS; tap++) {
          change +=
              (after[tap] - before[tap])
                  * layer.input(
                      image, input, pixel / side + tap / 3 - 1, pixel % side + tap % 3 - 1);
        }
        energy += change * change;
      }
    }
    return energy / (layer.images() * side * side);
  }
}
