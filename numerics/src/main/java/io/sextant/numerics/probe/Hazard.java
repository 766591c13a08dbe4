package io.sextant.numerics.probe;

import java.io.Serializable;
import java.util.Locale;

/**
 * What speaks against FP8 at a product.
 *
 * @param figure what was found, in the unit that {@link #text} names
 */
public record Hazard(Kind kind, double figure) implements Serializable {

  /** The hazards that LoKA names (arXiv 2605.10886), and what it adapts. */
  public enum Kind {
    /** A few values take the range that the others need. */
    OUTLIERS("the largest activation is %.0f times their root mean square", Adaptation.BLOCK_NORM),
    /** Values that are not 0 become 0 under one scale for all. */
    UNDERFLOW("%.1f %% of the activations become 0", Adaptation.BLOCK_NORM),
    /** The bias grows through training and drowns the product. */
    BIAS_GROWTH("the norm of the bias is %.2f", Adaptation.NO_BIAS),
    /** A normalisation takes away what most of the output is, and leaves the error. */
    CANCELLATION(
        "a mean of %.2f standard deviations is subtracted from a row of outputs",
        Adaptation.BLOCK_NORM),
    /** Swish, GELU and the like: nothing is exactly 0, and an exponential is calculated. */
    EXPONENTIAL_ACTIVATION(
        "the activations' mean is %.2f of their standard deviation and none is 0",
        Adaptation.HARD_SWISH);

    private final String text;
    private final Adaptation adaptation;

    Kind(String text, Adaptation adaptation) {
      this.text = text;
      this.adaptation = adaptation;
    }

    /** What to change. */
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

    /** In words. */
    public String title() {
      return title;
    }
  }

  /** With its figure: {@code bias growth: the norm of the bias is 3.65}. */
  public String text() {
    return name()
        + ": "
        + String.format(Locale.ROOT, kind.text, kind == Kind.UNDERFLOW ? 100 * figure : figure);
  }

  /** For tables: {@code bias growth}. */
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
