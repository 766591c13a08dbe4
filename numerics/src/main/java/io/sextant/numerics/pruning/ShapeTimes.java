package io.sextant.numerics.pruning;

import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.InvalidInputException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;

/** Measured times of BF16 products at one number of tokens, by shape. */
public final class ShapeTimes implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String source;
  private final int tokens;
  private final String device;
  private final HashMap<GemmSite, Time> times = new HashMap<>();

  /**
   * @param median median in microseconds
   * @param low first quartile
   * @param high third quartile
   */
  public record Time(double median, double low, double high) implements Serializable {
    /** No time. */
    public static final Time ZERO = new Time(0, 0, 0);

    /** The sum of both times. */
    public Time plus(Time other) {
      return new Time(median + other.median, low + other.low, high + other.high);
    }
  }

  /**
   * @param source name of the file, for messages
   * @param runs runs of any recipe and number of tokens; only BF16 runs of {@code tokens} are used
   * @throws InvalidInputException if there is no BF16 run for this number of tokens, or the runs
   *     are from several devices
   */
  public ShapeTimes(String source, List<KernelFigures> runs, int tokens) {
    this.source = source;
    this.tokens = tokens;
    String from = null;
    for (KernelFigures run : runs) {
      if (!run.recipe().equals(Recipe.BF16.id()) || run.tokens() != tokens || !run.ran()) {
        continue;
      }
      if (from != null && !from.equals(run.device())) {
        throw InvalidInputException.of(
            source,
            "times of %s and of %s".formatted(from, run.device()),
            "Give the times of one device");
      }
      from = run.device();
      times.merge(
          new GemmSite(run.site(), run.out(), run.k()),
          new Time(run.endToEndUs(), run.endToEndLowUs(), run.endToEndHighUs()),
          (a, b) -> a.median() <= b.median() ? a : b);
    }
    if (times.isEmpty()) {
      throw InvalidInputException.of(
          source,
          "no BF16 time for %d tokens".formatted(tokens),
          "Measure with gpu-validate pruned --tokens " + tokens);
    }
    device = from;
  }

  /** Name of the measured GPU. */
  public String device() {
    return device;
  }

  /** Whether this shape was measured. */
  public boolean has(GemmSite site) {
    return times.containsKey(site);
  }

  /**
   * The time of a product.
   *
   * @throws InvalidInputException if the shape was not measured
   */
  public Time of(GemmSite site) {
    Time time = times.get(site);
    if (time == null) {
      throw InvalidInputException.of(
          source,
          "no BF16 time of %s with %d outputs of %d for %d tokens"
              .formatted(site.name(), site.out(), site.k(), tokens),
          "Measure with gpu-validate pruned, the same --chain and --densities");
    }
    return time;
  }
}
