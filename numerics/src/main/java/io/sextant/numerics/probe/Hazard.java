package io.sextant.numerics.probe;

import java.io.Serializable;
import java.util.Locale;

/**
 * A reason against FP8 for a product.
 *
 * @param figure the figure found, in the unit that {@link #text} names
 */
public record Hazard(Kind kind, double figure) implements Serializable {

  /** The hazards and adaptations of LoKA (arXiv 2605.10886). */
  public enum Kind {
    /** A few large values use up the range that the others need. */
    OUTLIERS("the largest activation is %.0f times their root mean square", Adaptation.BLOCK_NORM),
    /** Non-zero values become 0 if all values share one scale. */
    UNDERFLOW("%.1f %% of the activations become 0", Adaptation.BLOCK_NORM),
    /** The bias grows during training until the product is small beside it. */
    BIAS_GROWTH("the norm of the bias is %.2f", Adaptation.NO_BIAS),
    /** A normalisation removes most of the output but not the error. */
    CANCELLATION(
        "a mean of %.2f standard deviations is subtracted from a row of outputs",
        Adaptation.BLOCK_NORM),
    /**
     * Swish, GELU and similar functions: no value is exactly 0, and an exponential has to be
     * calculated.
     */
    EXPONENTIAL_ACTIVATION(
        "the activations' mean is %.2f of their standard deviation and none is 0",
        Adaptation.HARD_SWISH);

    private final String text;
    private final Adaptation adaptation;

    Kind(String text, Adaptation adaptation) {
      this.text = text;
      this.adaptation = adaptation;
    }

    /** The change to make. */
    public Adaptation adaptation() {
      return adaptation;
    }
  }

  /** LoKA's adaptations of a model. */
  public enum Adaptation {
    NO_BIAS("no bias"),
    BLOCK_NORM("RMS norm over blocks of 256"),
    HARD_SWISH("Hard Swish");

    private final String title;

    Adaptation(String title) {
      this.title = title;
    }

    /** The hazard in words. */
    public String title() {
      return title;
    }
  }

  /** The text with its figure: {@code bias growth: the norm of the bias is 3.65}. */
  public String text() {
    return name()
        + ": "
        + String.format(Locale.ROOT, kind.text, kind == Kind.UNDERFLOW ? 100 * figure : figure);
  }

  /** The name in tables: {@code bias growth}. */
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
