package io.sextant.jobs.mixin;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.throughput.RestTime;
import io.sextant.placement.capacity.WeightCounts;
import io.sextant.schema.InvalidInputException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option for the time of a decoder layer beside its experts. */
public final class RestOption {
  private static final String OPTION = "--rest-us ";
  private static final String ROOFLINE = "roofline";

  @Option(
      names = "--rest-us",
      paramLabel = "PREFILL,DECODE",
      description =
          "Also print tokens per second: microseconds that a decoder layer takes beside its experts"
              + " for a prefill batch and for a decode step, as measured. roofline takes a lower"
              + " bound from the weights and the GPU's rates.")
  private String rest;

  /**
   * The time; empty if the option is not given.
   *
   * @throws InvalidInputException if it is not two positive numbers, or the model's attention is
   *     not described
   */
  public Optional<RestTime> of(PlanTarget target) {
    if (rest == null) {
      return Optional.empty();
    }
    if (!rest.equals(ROOFLINE)) {
      return Optional.of(given());
    }
    if (!WeightCounts.areKnown(target.model())) {
      throw InvalidInputException.of(
          OPTION + rest,
          "the description of %s does not say the attention of every layer"
              .formatted(target.model().name()),
          "Give the measured microseconds, such as --rest-us 300,40");
    }
    return Optional.of(RestTime.roofline(target));
  }

  private RestTime given() {
    String[] parts = rest.split(",", -1);
    try {
      double prefill = Double.parseDouble(parts[0]);
      double decode = Double.parseDouble(parts[parts.length - 1]);
      if (parts.length == 2 && prefill > 0 && decode > 0 && prefill + decode < 1e9) {
        return new RestTime(prefill, decode, "given by --rest-us");
      }
    } catch (NumberFormatException e) {
      throw refusal(e);
    }
    throw refusal(null);
  }

  private InvalidInputException refusal(Exception cause) {
    return InvalidInputException.of(
        OPTION + rest,
        "it is not two positive numbers",
        "Give microseconds for prefill and decode, such as --rest-us 300,40, or roofline",
        cause);
  }
}
