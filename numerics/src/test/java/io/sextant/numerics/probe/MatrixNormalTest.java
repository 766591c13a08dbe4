package io.sextant.numerics.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.tensor.FloatMatrix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On draws from a known distribution, and on real tensors with changes that are known. */
class MatrixNormalTest {
  private static final int ROWS = 6;
  private static final int COLUMNS = 9;

  /** Square roots of U and V: matrices A and B with which A Z B^T has these covariances. */
  private static double[] mixing(Random random, int size) {
    double[] matrix = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i * size + j] = i == j ? 1 + random.nextDouble() : 0.5 * random.nextGaussian();
      }
    }
    return matrix;
  }

  private static double[] covariance(double[] mixing, int size) {
    double[] product = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        for (int k = 0; k < size; k++) {
          product[i * size + j] += mixing[i * size + k] * mixing[j * size + k];
        }
      }
    }
    return product;
  }

  private static float[] draw(Random random, double[] ofRows, double[] ofColumns) {
    double[] noise = random.doubles(ROWS * COLUMNS).map(u -> 0).toArray();
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextGaussian();
    }
    float[] drawn = new float[ROWS * COLUMNS];
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        double value = i - j;
        for (int a = 0; a <= i; a++) {
          for (int b = 0; b <= j; b++) {
            value += ofRows[i * ROWS + a] * noise[a * COLUMNS + b] * ofColumns[j * COLUMNS + b];
          }
        }
        drawn[i * COLUMNS + j] = (float) value;
      }
    }
    return drawn;
  }

  @Test
  void findsTheDistributionThatSamplesWereDrawnFrom() {
    Random random = new Random(3);
    double[] rowMixing = mixing(random, ROWS);
    double[] columnMixing = mixing(random, COLUMNS);
    List<float[]> samples = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      samples.add(draw(random, rowMixing, columnMixing));
    }
    MatrixNormal fitted = MatrixNormal.fit(samples, ROWS, COLUMNS);
    double[] u = covariance(rowMixing, ROWS);
    double[] v = covariance(columnMixing, COLUMNS);
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        assertThat(fitted.mean()[i * COLUMNS + j]).isCloseTo(i - j, within(0.3));
      }
    }
    // Only the product of both is determined.
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        double variance = u[i * ROWS + i] * v[j * COLUMNS + j];
        assertThat(fitted.ofRows()[i * ROWS + i] * fitted.ofColumns()[j * COLUMNS + j])
            .isCloseTo(variance, within(0.05 * variance));
        double covariance = u[i * ROWS] * v[j * COLUMNS];
        double scale = Math.sqrt(u[0] * u[i * ROWS + i] * v[0] * v[j * COLUMNS + j]);
        assertThat(fitted.ofRows()[i * ROWS] * fitted.ofColumns()[j * COLUMNS])
            .isCloseTo(covariance, within(0.05 * scale));
      }
    }
    assertThat(fitted.iterations()).isLessThan(20);
  }

  @Test
  void secondMomentsAreThoseOfTheSamples() {
    Random random = new Random(5);
    double[] rowMixing = mixing(random, ROWS);
    double[] columnMixing = mixing(random, COLUMNS);
    List<float[]> samples = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      samples.add(draw(random, rowMixing, columnMixing));
    }
    double[] moments = MatrixNormal.fit(samples, ROWS, COLUMNS).secondMoments();
    int at = 0;
    for (int i = 0; i < COLUMNS; i++) {
      for (int j = i; j < COLUMNS; j++, at++) {
        double sum = 0;
        for (float[] sample : samples) {
          for (int row = 0; row < ROWS; row++) {
            sum += (double) sample[row * COLUMNS + i] * sample[row * COLUMNS + j];
          }
        }
        double expected = sum / samples.size() / ROWS;
        assertThat(moments[at]).isCloseTo(expected, within(0.02 * Math.abs(expected) + 0.3));
      }
    }
  }

  @Test
  void needsMoreSamplesThanTheLongerSideOverTheShorter() {
    assertThat(MatrixNormal.leastSamples(512, 512)).isEqualTo(2);
    assertThat(MatrixNormal.leastSamples(1536, 512)).isEqualTo(4);
    assertThat(MatrixNormal.leastSamples(512, 2048)).isEqualTo(5);
    float[] sample = new float[ROWS * COLUMNS];
    assertThatThrownBy(() -> MatrixNormal.fit(List.of(sample), ROWS, COLUMNS))
        .hasMessageContaining("1 samples of 6 x 9, and flip-flop needs 3");
    assertThatThrownBy(() -> MatrixNormal.fit(Collections.nCopies(4, sample), ROWS, COLUMNS))
        .hasMessageContaining("singular");
  }

  /** Checkpoints that differ little from each other predict what the tensor itself predicts. */
  @Test
  void checkpointsOfRealWeightsPredictTheSameError() throws IOException {
    SiteTensors site =
        RealCuts.tensors().stream()
            .filter(one -> MatrixNormal.leastSamples(one.out(), one.k()) <= 4)
            .min((a, b) -> Integer.compare(a.out() * a.k(), b.out() * b.k()))
            .orElseThrow();
    List<SiteTensors> checkpoints = new ArrayList<>();
    Random random = new Random(7);
    double rms = 0;
    for (float value : site.weights().values()) {
      rms += (double) value * value / site.weights().values().length;
    }
    for (int i = 0; i < 6; i++) {
      float[] values = site.weights().values().clone();
      for (int at = 0; at < values.length; at++) {
        values[at] += (float) (0.05 * Math.sqrt(rms) * random.nextGaussian());
      }
      FloatMatrix weights = new FloatMatrix(site.weights().name(), site.out(), site.k(), values);
      checkpoints.add(new SiteTensors(site.site(), site.activations(), weights));
    }
    WeightModel model = WeightModel.of(checkpoints);
    assertThat(model.reason()).isNull();
    assertThat(model.byMatrixNormal()).isCloseTo(model.bySample(), within(0.03 * model.bySample()));
    assertThat(WeightModel.of(List.of(site)).reason()).startsWith("flip-flop needs");
  }
}
