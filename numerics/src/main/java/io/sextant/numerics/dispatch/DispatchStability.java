package io.sextant.numerics.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

/**
 * How certain a choice of {@link SiteDispatch} is: the share of bootstrap samples of the measured
 * times that lead to the same choice (Efron 1979).
 *
 * @param dispatch the rules of the choice
 * @param resamples number of bootstrap samples
 * @param seed seed of the random numbers; each product is drawn independently of the others
 */
public record DispatchStability(SiteDispatch dispatch, int resamples, long seed) {
  /** A choice with a smaller share is a coin flip. */
  public static final double COIN_FLIP = 0.9;

  /**
   * The share of bootstrap samples that lead to the given choice. Each takes one session and, for
   * each kernel, times of that session.
   *
   * @param kernels kernels of one product at one number of tokens, of one or several sessions
   * @return empty if the file does not hold the samples of every kernel that ran
   */
  public OptionalDouble share(List<KernelFigures> kernels, Choice choice) {
    if (kernels.stream().anyMatch(kernel -> kernel.ran() && !kernel.hasSamples())) {
      return OptionalDouble.empty();
    }
    List<List<KernelFigures>> sessions = RepeatedRuns.sessions(kernels);
    KernelFigures first = kernels.get(0);
    Random random =
        new Random(seed ^ (31L * first.site().hashCode() + first.tokens()) * 0x9E3779B97F4A7C15L);
    int same = 0;
    for (int i = 0; i < resamples; i++) {
      List<KernelFigures> drawn = new ArrayList<>();
      for (KernelFigures kernel : sessions.get(i % sessions.size())) {
        drawn.add(kernel.ran() ? resampled(kernel, random) : kernel);
      }
      same += dispatch.choose(drawn).kernel().title().equals(choice.kernel().title()) ? 1 : 0;
    }
    return OptionalDouble.of(same / (double) resamples);
  }

  private static KernelFigures resampled(KernelFigures kernel, Random random) {
    List<Double> samples = kernel.endToEndSamplesUs();
    double[] drawn = new double[samples.size()];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = samples.get(random.nextInt(drawn.length));
    }
    return kernel.withEndToEnd(Timing.of(drawn));
  }
}
