package io.sextant.numerics.gemm;

/**
 * The error of outputs relative to a reference.
 *
 * @param relativeFrobenius |out - ref| / |ref| over all values
 * @param sqnrDb the same in decibels, -20 log10
 * @param calcDiff 1 - 2 out.ref / (|out|^2 + |ref|^2), as defined by DeepGEMM
 * @param mere mean of |out - ref| / |ref| over values whose |ref| is above the floor, as defined by
 *     LoKA; it grows with the sample size if outputs have a mean of zero
 * @param mereFloor 1 % of the root mean square of the reference
 * @param mereCount number of values above the floor
 */
public record ErrorFigures(
    double relativeFrobenius,
    double sqnrDb,
    double calcDiff,
    double mere,
    double mereFloor,
    long mereCount) {
  private static final double FLOOR_OF_RMS = 0.01;

  /** Compares value by value. */
  public static ErrorFigures of(float[] outputs, float[] reference) {
    double error = 0;
    double signal = 0;
    double power = 0;
    double product = 0;
    for (int i = 0; i < reference.length; i++) {
      double out = outputs[i];
      double ref = reference[i];
      error += (out - ref) * (out - ref);
      signal += ref * ref;
      power += out * out;
      product += out * ref;
    }
    double floor = FLOOR_OF_RMS * Math.sqrt(signal / Math.max(1, reference.length));
    double relative = 0;
    long counted = 0;
    for (int i = 0; i < reference.length; i++) {
      double size = Math.abs((double) reference[i]);
      if (size > floor) {
        relative += Math.abs((double) outputs[i] - reference[i]) / size;
        counted++;
      }
    }
    double frobenius = Math.sqrt(error / signal);
    return new ErrorFigures(
        frobenius,
        -20 * Math.log10(frobenius),
        1 - 2 * product / (signal + power),
        relative / Math.max(1, counted),
        floor,
        counted);
  }
}
