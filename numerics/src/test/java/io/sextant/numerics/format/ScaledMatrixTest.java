package io.sextant.numerics.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.probe.RealCuts;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.FloatMatrices;
import io.sextant.schema.tensor.FloatMatrix;
import java.io.IOException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScaledMatrixTest {
  /** Half a step of three mantissa bits, plus a margin for the scale's own rounding. */
  private static final double HALF_STEP = 1.001 / 16;

  @Property(tries = 100)
  void everyNormalValueIsWithinHalfAStep(
      @ForAll @IntRange(min = 1, max = 260) int rows,
      @ForAll @IntRange(min = 1, max = 260) int columns,
      @ForAll Granularity granularity,
      @ForAll long seed) {
    float[] values = new float[rows * columns];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
    }
    float[] back = ScaledMatrix.of(Fp8Format.E4M3, granularity, values, rows, columns).values();
    float amax = 0;
    for (float value : values) {
      amax = Math.max(amax, Math.abs(value));
    }
    for (int i = 0; i < values.length; i++) {
      // Below the smallest normal number under the widest scale, all steps are equal.
      double smallest = amax / 448 / 64;
      assertThat(Math.abs(back[i] - values[i]))
          .isLessThanOrEqualTo((float) (HALF_STEP * Math.max(smallest, Math.abs(values[i]))));
    }
  }

  @Test
  void realActivationsLoseLessTheFinerTheScales() throws IOException, CorruptTraceException {
    for (FloatMatrix matrix : FloatMatrices.read(RealCuts.file("lrm-tensors.safetensors.gz"))) {
      double tensor = error(matrix, Granularity.TENSOR);
      double row = error(matrix, Granularity.ROW);
      assertThat(tensor).as(matrix.name()).isBetween(0.01, 0.04);
      assertThat(row).as(matrix.name()).isLessThan(1.2 * tensor);
    }
  }

  private static double error(FloatMatrix matrix, Granularity granularity) {
    return ErrorFigures.of(
            ScaledMatrix.of(
                    Fp8Format.E4M3, granularity, matrix.values(), matrix.rows(), matrix.columns())
                .values(),
            matrix.values())
        .relativeFrobenius();
  }
}
