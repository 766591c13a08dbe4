package io.sextant.numerics.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.Operand;
import io.sextant.schema.tensor.FloatMatrix;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MatrixStatisticsTest {
  @Property(tries = 50)
  void batchesGiveTheMomentsOfTheWhole(
      @ForAll @IntRange(min = 2, max = 300) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll long seed) {
    float[] values = new float[rows * columns];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(4) == 0 ? 0 : (float) (3 + random.nextGaussian());
    }
    LayerStatistics statistics =
        MatrixStatistics.of(
            "site", Operand.WEIGHT, new FloatMatrix("site/weight", rows, columns, values));
    assertThat(Arrays.stream(statistics.exponents()).sum()).isEqualTo(values.length);
    int at = 0;
    for (int i = 0; i < columns; i++) {
      for (int j = i; j < columns; j++, at++) {
        double meanI = mean(values, rows, columns, i);
        double meanJ = mean(values, rows, columns, j);
        double sum = 0;
        for (int row = 0; row < rows; row++) {
          sum += (values[row * columns + i] - meanI) * (values[row * columns + j] - meanJ);
        }
        assertThat((double) statistics.columnCovariance()[at])
            .isCloseTo(sum / (rows - 1), within(1e-5 * (1 + Math.abs(sum))));
      }
    }
  }

  private static double mean(float[] values, int rows, int columns, int column) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += values[row * columns + column];
    }
    return sum / rows;
  }
}
