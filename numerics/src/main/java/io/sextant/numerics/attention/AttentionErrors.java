package io.sextant.numerics.attention;

import io.sextant.numerics.format.Bf16;
import io.sextant.numerics.gemm.ErrorFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Errors of attention on random shapes and windows, relative to a reference in double. */
public final class AttentionErrors {
  /** Maximum error for BF16 operands, relative Frobenius. */
  public static final double MOST_ERROR = 1e-2;

  private static final int SAMPLED_TOKENS = 4;
  private static final int SAMPLED_HEADS = 2;

  private AttentionErrors() {}

  /**
   * One attention case to check.
   *
   * @param w1 number of last keys that a token sees
   * @param w2 number of last second keys that a token sees; 0 for dot-product attention
   */
  public record Case(AttentionShape shape, int w1, int w2) {
    /** Whether this is 2-simplicial attention, not dot-product attention. */
    public boolean simplicial() {
      return w2 > 0;
    }
  }

  /**
   * The error of a case.
   *
   * @param emulated error of the kernel's roundings only, emulated on the CPU
   * @param measured error of the device's output; null without a device
   */
  public record Row(Case of, ErrorFigures emulated, ErrorFigures measured) {
    /** Whether the error is within the limit for BF16. */
    public boolean passed() {
      ErrorFigures error = measured == null ? emulated : measured;
      return error.relativeFrobenius() < MOST_ERROR;
    }
  }

  /**
   * Cases with various shapes and windows: windows longer than the sequence, odd windows, idle
   * rows.
   */
  public static List<Case> cases(int count, long seed) {
    Random random = new Random(seed);
    int[] headsOfKey = {64, 64, 64, 8, 96, 1};
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      AttentionShape shape =
          new AttentionShape(
              1 + random.nextInt(500),
              1 + random.nextInt(2),
              headsOfKey[random.nextInt(headsOfKey.length)]);
      boolean dot = i % 4 == 3;
      cases.add(
          new Case(
              shape,
              dot ? shape.tokens() : 1 + random.nextInt(600),
              dot ? 0 : 1 + random.nextInt(64)));
    }
    return cases;
  }

  /** Runs a case on a device. */
  @FunctionalInterface
  public interface Device {
    /**
     * Calculates the outputs of all tokens and heads.
     *
     * @return outputs, shape [tokens, key heads, heads of a key, 128]
     */
    float[] outputs(Case of, SimplicialReference operands);
  }

  /**
   * Runs one case.
   *
   * @param device the device; null for the emulation only
   */
  public static Row run(Case of, long seed, Device device) {
    Random random = new Random(seed);
    AttentionShape shape = of.shape();
    int queryCount = Math.toIntExact(shape.queries());
    int keyCount = Math.toIntExact(shape.keys());
    SimplicialReference operands =
        new SimplicialReference(
            shape,
            gaussian(random, queryCount),
            gaussian(random, keyCount),
            gaussian(random, keyCount),
            of.simplicial() ? gaussian(random, keyCount) : null,
            of.simplicial() ? gaussian(random, keyCount) : null);
    float[] outputs = device == null ? null : device.outputs(of, operands);
    List<int[]> places = places(shape, random);
    float[] exact = new float[places.size() * AttentionShape.WIDTH];
    float[] emulated = new float[exact.length];
    float[] measured = new float[exact.length];
    for (int i = 0; i < places.size(); i++) {
      int[] at = places.get(i);
      double[] reference = operands.output(at[0], at[1], at[2], of.w1(), of.w2());
      double[] rounded = EmulatedAttention.output(operands, at[0], at[1], at[2], of.w1(), of.w2());
      int first =
          ((at[0] * shape.keyHeads() + at[1]) * shape.headsOfKey() + at[2]) * AttentionShape.WIDTH;
      for (int l = 0; l < AttentionShape.WIDTH; l++) {
        exact[i * AttentionShape.WIDTH + l] = (float) reference[l];
        emulated[i * AttentionShape.WIDTH + l] = (float) rounded[l];
        measured[i * AttentionShape.WIDTH + l] = outputs == null ? 0 : outputs[first + l];
      }
    }
    return new Row(
        of,
        ErrorFigures.of(emulated, exact),
        outputs == null ? null : ErrorFigures.of(measured, exact));
  }

  private static List<int[]> places(AttentionShape shape, Random random) {
    List<int[]> places = new ArrayList<>();
    for (int i = 0; i < SAMPLED_TOKENS; i++) {
      // The first and last tokens, and some between.
      int token = i == 0 ? 0 : i == 1 ? shape.tokens() - 1 : random.nextInt(shape.tokens());
      for (int j = 0; j < SAMPLED_HEADS; j++) {
        places.add(
            new int[] {
              token, random.nextInt(shape.keyHeads()), random.nextInt(shape.headsOfKey())
            });
      }
    }
    return places;
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Bf16.round((float) random.nextGaussian());
    }
    return values;
  }
}
