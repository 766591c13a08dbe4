package io.sextant.placement.anneal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AnnealingTest {
  private static final AnnealingStage STAGE = new AnnealingStage(10, 0.1);

  /** A walk on a line with many hollows. */
  private static final class Walk implements Annealed {
    private int at = 50;
    private int best;
    private final List<Double> thresholds = new ArrayList<>();

    private static double height(int at) {
      return Math.abs(at) / 10.0 + Math.floorMod(at * 7, 5);
    }

    @Override
    public boolean propose(Annealing annealing) {
      int to = at + (annealing.random().nextBoolean() ? 1 : -1);
      double threshold = annealing.threshold();
      thresholds.add(threshold);
      if (height(to) - height(at) > threshold) {
        return false;
      }
      at = to;
      return true;
    }

    @Override
    public double energy() {
      return height(at);
    }

    @Override
    public void keep() {
      best = at;
    }
  }

  /** The loop in plain words: cooled before the last proposal of each temperature. */
  @Property(tries = 100)
  void isThePlainLoop(
      @ForAll @IntRange(min = 0, max = 3_000) int proposals,
      @ForAll @IntRange(min = 0, max = 10) int doublings,
      @ForAll long seed) {
    int perTemperature = 1 << doublings;
    Walk walk = new Walk();
    new Annealing(STAGE, proposals, perTemperature, seed).run(walk);

    SplittableRandom random = new SplittableRandom(seed);
    double cooling = Math.pow(0.01, 1.0 / Math.max(1, proposals / perTemperature));
    double temperature = 10;
    int at = 50;
    int best = 50;
    List<Double> thresholds = new ArrayList<>();
    for (int i = 0; i < proposals; i++) {
      if (perTemperature > 1 && i % perTemperature == perTemperature - 1) {
        temperature *= cooling;
      }
      int to = at + (random.nextBoolean() ? 1 : -1);
      double threshold = -temperature * Math.log(1 - random.nextDouble());
      thresholds.add(threshold);
      if (Walk.height(to) - Walk.height(at) <= threshold) {
        at = to;
        best = Walk.height(at) < Walk.height(best) - 1e-12 ? at : best;
      }
      if (perTemperature == 1) {
        temperature *= cooling;
      }
    }
    assertThat(walk.thresholds).isEqualTo(thresholds);
    assertThat(walk.at).isEqualTo(at);
    assertThat(walk.best).isEqualTo(best);
  }

  @Test
  void coolsFromTheFirstTemperatureToTheLast() {
    Annealing annealing = new Annealing(STAGE, 1_000, 1);
    double hot = meanThreshold(annealing);
    annealing.run(new Walk());
    double cold = meanThreshold(annealing);
    // The threshold is exponentially distributed; its mean is the temperature.
    assertThat(hot).isCloseTo(10, within(0.5));
    assertThat(cold).isCloseTo(0.1, within(0.005));
  }

  private static double meanThreshold(Annealing annealing) {
    double sum = 0;
    for (int i = 0; i < 20_000; i++) {
      sum += annealing.threshold();
    }
    return sum / 20_000;
  }

  /** Falls by less than the least gain are not kept, those by more are. */
  @Test
  void keepsGainsBeyondRounding() {
    for (double fall : new double[] {1e-7, 1e-5}) {
      int[] kept = {0};
      new Annealing(STAGE, 10, 1)
          .run(
              new Annealed() {
                private double energy;

                @Override
                public boolean propose(Annealing annealing) {
                  energy = -fall;
                  return true;
                }

                @Override
                public double energy() {
                  return energy;
                }

                @Override
                public void keep() {
                  kept[0]++;
                }

                @Override
                public double leastGain() {
                  return 1e-6;
                }
              });
      assertThat(kept[0]).isEqualTo(fall > 1e-6 ? 2 : 1);
    }
  }

  @Test
  void refusesTemperaturesOfOtherLengths() {
    assertThatThrownBy(() -> new Annealing(STAGE, 10, 3, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Proposals per temperature (3) must be a power of two");
    assertThatThrownBy(() -> new Annealing(STAGE, 10, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
