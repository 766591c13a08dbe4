package io.sextant.numerics.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AttentionErrorsTest {
  private static final AttentionShape SMALL = new AttentionShape(20, 2, 3);

  @Test
  void theRoundingsOfTheKernelAreWithinWhatIsAllowed() {
    for (AttentionErrors.Case one : AttentionErrors.cases(8, 5)) {
      AttentionErrors.Row row = AttentionErrors.run(one, 5, null);
      assertThat(row.measured()).isNull();
      assertThat(row.passed()).as(one.toString()).isTrue();
      assertThat(row.emulated().relativeFrobenius()).isBetween(0.0, 0.006);
    }
  }

  /** The formula of the paper, pair by pair. */
  @Test
  void theReferenceIsTheFormula() {
    SimplicialReference operands = operands(true);
    int token = 11;
    int w1 = 7;
    int w2 = 4;
    double total = 0;
    double[] sum = new double[AttentionShape.WIDTH];
    for (int j = token - w1 + 1; j <= token; j++) {
      for (int k = token - w2 + 1; k <= token; k++) {
        double logit = 0;
        for (int l = 0; l < AttentionShape.WIDTH; l++) {
          logit +=
              (double) at(operands.queries(), (token * 2 + 1) * 3 + 2, l)
                  * at(operands.keys(), j * 2 + 1, l)
                  * at(operands.secondKeys(), k * 2 + 1, l);
        }
        double weight = Math.exp(logit / Math.sqrt(AttentionShape.WIDTH));
        total += weight;
        for (int l = 0; l < AttentionShape.WIDTH; l++) {
          sum[l] +=
              weight
                  * at(operands.values(), j * 2 + 1, l)
                  * at(operands.secondValues(), k * 2 + 1, l);
        }
      }
    }
    double[] output = operands.output(token, 1, 2, w1, w2);
    for (int l = 0; l < AttentionShape.WIDTH; l++) {
      assertThat(output[l]).isCloseTo(sum[l] / total, Offset.offset(1e-9));
    }
  }

  @Test
  void theFirstTokenSeesItselfAlone() {
    SimplicialReference operands = operands(true);
    double[] output = operands.output(0, 0, 0, 256, 32);
    for (int l = 0; l < AttentionShape.WIDTH; l++) {
      assertThat(output[l])
          .isCloseTo(
              (double) operands.values()[l] * operands.secondValues()[l], Offset.offset(1e-12));
    }
  }

  @Test
  void withSecondKeysAndValuesOfOneItIsDotProductAttention() {
    SimplicialReference dot = operands(false);
    float[] ones = new float[dot.keys().length];
    Arrays.fill(ones, 1);
    SimplicialReference simplicial =
        new SimplicialReference(SMALL, dot.queries(), dot.keys(), dot.values(), ones, ones);
    assertThat(simplicial.output(19, 1, 1, 20, 1)).isEqualTo(dot.output(19, 1, 1, 20, 1));
  }

  @Test
  void equalContextsAreThePapers() {
    // (512, 32) costs as much as dot-product attention at 48k.
    assertThat(AttentionRate.equalContext(512, 32)).isEqualTo(48 << 10);
    double tokens = AttentionRate.equalContext(512, 32);
    assertThat(AttentionRate.operations((int) tokens, 512, 32)).isEqualTo(2 * tokens * tokens);
  }

  private static double at(float[] values, int row, int feature) {
    return values[row * AttentionShape.WIDTH + feature];
  }

  private static SimplicialReference operands(boolean simplicial) {
    Random random = new Random(7);
    int keys = (int) SMALL.keys();
    return new SimplicialReference(
        SMALL,
        values(random, (int) SMALL.queries()),
        values(random, keys),
        values(random, keys),
        simplicial ? values(random, keys) : null,
        simplicial ? values(random, keys) : null);
  }

  private static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
