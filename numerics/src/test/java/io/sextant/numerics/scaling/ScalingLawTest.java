package io.sextant.numerics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class ScalingLawTest {
  @Property(tries = 200)
  void aPerfectLawIsFoundWithoutUncertainty(
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double exponent,
      @ForAll @DoubleRange(min = -3, max = 1) double intercept,
      @ForAll @IntRange(min = 3, max = 8) int sizes) {
    List<ScalingPoint> points = new ArrayList<>();
    for (int i = 0; i < sizes; i++) {
      double parameters = 1e9 * Math.pow(1.9, i);
      double loss = Math.exp(-exponent * Math.log(parameters) - intercept);
      points.add(new ScalingPoint("f", "b", parameters, null, loss));
    }
    ScalingLaw law = ScalingLaw.fit(points);
    assertThat(law.exponent()).isCloseTo(exponent, within(1e-9));
    assertThat(law.intercept()).isCloseTo(intercept, within(1e-7));
    assertThat(law.exponentInterval().high() - law.exponentInterval().low()).isLessThan(1e-9);
    assertThat(law.gainOver(law).value()).isCloseTo(0, within(1e-12));
  }
}
