package io.sextant.numerics.probe;

import java.io.Serializable;
import java.util.Locale;

/**
 * A change of a site's verdict for one recipe from one snapshot to a later one, with the drift of
 * both operands in between.
 *
 * @param recipe the recipe's id
 * @param fromStep step of the snapshot since which the former verdict held
 * @param step step of the snapshot with the new verdict
 * @param before former verdict: safe, unsafe, or none if the site could not be judged
 * @param after new verdict
 * @param errorBefore predicted error at {@code fromStep}; NaN if the site could not be judged
 * @param error predicted error at {@code step}; NaN if the site cannot be judged
 * @param activations drift of the activations
 * @param weights drift of the weights
 */
public record VerdictChange(
    String site,
    String recipe,
    long fromStep,
    long step,
    String before,
    String after,
    double errorBefore,
    double error,
    Drift activations,
    Drift weights)
    implements Serializable {

  /**
   * The change of an operand.
   *
   * @param rms root mean square over the former one
   * @param absmax largest magnitude over the former one
   */
  public record Drift(double rms, double absmax) implements Serializable {
    private String text() {
      return String.format(Locale.ROOT, "rms x%.2f, amax x%.2f", rms, absmax);
    }
  }

  /** The change in one line. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "step %d: %s, %s: %s, was %s since step %d; error %.4f, was %.4f; activations %s; weights"
            + " %s",
        step,
        site,
        recipe,
        after,
        before,
        fromStep,
        error,
        errorBefore,
        activations.text(),
        weights.text());
  }
}
