package io.sextant.jobs.plan;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** {@code --max-moved-bytes}: a number of bytes, or a share of all expert weights. */
final class MovedBytesLimit {
  private static final String OPTION = "--max-moved-bytes ";
  private static final String REMEDY = "Give bytes, as 250000000, or a share, as 5%";

  private MovedBytesLimit() {}

  /**
   * The most slots that may move, over all layers.
   *
   * @param text bytes, or {@code 5%} of the bytes of all logical experts of all MoE layers, each
   *     counted once
   * @throws InvalidInputException where it is neither
   */
  static long slots(String text, ModelSpec model, long expertBytes) {
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
      return slots.min(BigDecimal.valueOf(Long.MAX_VALUE - 1)).longValue();
    } catch (NumberFormatException e) {
      throw InvalidInputException.of(OPTION + text, "it is not a number", REMEDY, e);
    }
  }
}
