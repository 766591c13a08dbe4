package io.sextant.numerics.dispatch;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The kernel to use for a convolution layer: the fastest that is accurate enough and sufficiently
 * faster than direct convolution, as {@code dispatch} chooses for products.
 *
 * @param chosen the kernel to use
 * @param direct direct convolution, the baseline
 * @param crossover the minimum sparsity at which a sparse kernel is faster than direct convolution,
 *     regardless of its error; empty if there is none
 */
public record ConvolutionVerdict(
    ConvolutionFigure chosen, ConvolutionFigure direct, Optional<ConvolutionFigure> crossover) {
  private static final String SPARSE = "sparse";

  /**
   * Chooses the kernel of a layer.
   *
   * @param figures figures of one layer, direct convolution included
   * @param mostError maximum relative Frobenius error of the output
   * @param leastSpeedup minimum speedup over direct convolution
   */
  public static ConvolutionVerdict of(
      List<ConvolutionFigure> figures, double mostError, double leastSpeedup) {
    ConvolutionFigure direct =
        figures.stream()
            .filter(figure -> figure.kernel().equals("direct"))
            .findFirst()
            .orElseThrow();
    Comparator<ConvolutionFigure> byTime =
        Comparator.comparingDouble(figure -> figure.timing().median());
    ConvolutionFigure chosen =
        figures.stream()
            .filter(figure -> figure.error() <= mostError)
            .filter(figure -> speedup(figure, direct) >= leastSpeedup)
            .min(byTime)
            .orElse(direct);
    Optional<ConvolutionFigure> crossover =
        figures.stream()
            .filter(figure -> figure.kernel().endsWith(SPARSE))
            .filter(figure -> speedup(figure, direct) > 1)
            .min(Comparator.comparingDouble(ConvolutionFigure::sparsity).thenComparing(byTime));
    return new ConvolutionVerdict(chosen, direct, crossover);
  }

  private static double speedup(ConvolutionFigure figure, ConvolutionFigure direct) {
    return direct.timing().median() / figure.timing().median();
  }

  /** The verdict in one line. */
  public String text() {
    String use =
        chosen.equals(direct)
            ? "direct: nothing that is accurate enough is faster"
            : String.format(
                Locale.ROOT,
                "%s %s, %.2fx direct",
                chosen.kernel(),
                chosen.block(),
                speedup(chosen, direct));
    String begins =
        crossover
            .map(
                figure ->
                    String.format(
                        Locale.ROOT,
                        "sparse is faster than direct from %.0f %% on, where its error is %.3f",
                        100 * figure.sparsity(),
                        figure.error()))
            .orElse("sparse is faster than direct at no sparsity measured");
    return "%s: use %s; %s".formatted(direct.layer(), use, begins);
  }
}
