package io.sextant.jobs.migrate;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The limit {@code --max-moved-bytes} on the expert weights that may be copied between GPUs.
 *
 * @param slots maximum number of slots that may move, over all layers
 * @param expertBytes weights of one expert
 */
public record MovedBytesLimit(long slots, long expertBytes) {
  private static final String OPTION = "--max-moved-bytes ";
  private static final String REMEDY = "Give bytes, such as 250000000, or a share, such as 5%";

  /** No limit. */
  public static MovedBytesLimit none(PlanTarget target) {
    return new MovedBytesLimit(CurrentMap.UNLIMITED, target.expertBytes());
  }

  /**
   * Parses a limit as users write it.
   *
   * @param text bytes, or {@code 5%} of the bytes of all logical experts of all MoE layers, each
   *     counted once
   * @throws InvalidInputException if it is neither
   */
  public static MovedBytesLimit of(String text, PlanTarget target) {
    ModelSpec model = target.model();
    long expertBytes = target.expertBytes();
    try {
      boolean share = text.endsWith("%");
      BigDecimal number =
          new BigDecimal(share ? text.substring(0, text.length() - 1).strip() : text.strip());
      if (number.signum() < 0 || (share && number.compareTo(BigDecimal.valueOf(100)) > 0)) {
        throw InvalidInputException.of(
            OPTION + text, share ? "it is not from 0% to 100%" : "it is below 0", REMEDY);
      }
      BigDecimal slots =
          share
              ? number
                  .multiply(BigDecimal.valueOf((long) model.moeLayers().size() * model.experts()))
                  .movePointLeft(2)
              : number.divide(BigDecimal.valueOf(expertBytes), 0, RoundingMode.DOWN);
      return new MovedBytesLimit(
          slots.min(BigDecimal.valueOf(CurrentMap.UNLIMITED - 1)).longValue(), expertBytes);
    } catch (NumberFormatException e) {
      throw InvalidInputException.of(OPTION + text, "it is not a number", REMEDY, e);
    }
  }

  /** Bytes of the slots that may move; {@code Long.MAX_VALUE} if they exceed it. */
  public long bytes() {
    return slots > Long.MAX_VALUE / expertBytes ? Long.MAX_VALUE : slots * expertBytes;
  }
}
