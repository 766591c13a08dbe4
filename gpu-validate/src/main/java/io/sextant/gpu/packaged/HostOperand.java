package io.sextant.gpu.packaged;

import io.sextant.numerics.format.Bf16;
import io.sextant.numerics.format.Fp8Format;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.format.ScaledMatrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * An operand of a product on the host, as the device gets it.
 *
 * @param data BF16 values or E4M3 codes, shape [rows, k], as bytes
 * @param scales scales in the order in which our conversion kernels write them; empty for BF16
 * @param values the values that data and scales represent, shape [rows, k]
 */
record HostOperand(byte[] data, byte[] scales, float[] values) {
  /** Codes of at most this magnitude, so that every sum of a test is exact in any order. */
  private static final int LARGEST_CODE = 2;

  /** The length of rows of scales per square is a multiple of this, as the library reads them. */
  private static final int SCALE_PADDING = 4;

  /**
   * Small whole numbers times powers of two, of which sums are exact in any order, so that a kernel
   * has exactly one correct result. Scales differ by row, group and square.
   *
   * @param granularity granularity of the scales; null for BF16
   */
  static HostOperand exact(Granularity granularity, int rows, int k, Random random) {
    float[] codes = new float[rows * k];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = random.nextInt(2 * LARGEST_CODE + 1) - LARGEST_CODE;
    }
    Granularity scaled = granularity == null ? Granularity.ROW : granularity;
    int across = across(scaled, k);
    float[] scales = new float[down(scaled, rows) * across];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = 1 << random.nextInt(3);
    }
    float[] values = new float[codes.length];
    byte[] data = new byte[granularity == null ? 2 * codes.length : codes.length];
    ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < codes.length; i++) {
      values[i] = codes[i] * scales[tile(scaled, i / k, i % k, across)];
      if (granularity == null) {
        bytes.putShort((short) (Float.floatToRawIntBits(values[i]) >>> 16));
      } else {
        bytes.put(Fp8Format.E4M3.encode(codes[i]));
      }
    }
    return new HostOperand(data, ordered(granularity, scales, rows, k), values);
  }

  /**
   * Rounded values.
   *
   * @param granularity granularity of the scales; null for BF16
   * @param values BF16 values, shape [rows, k]
   */
  static HostOperand rounded(Granularity granularity, float[] values, int rows, int k) {
    if (granularity != null) {
      ScaledMatrix matrix = ScaledMatrix.of(Fp8Format.E4M3, granularity, values, rows, k);
      return new HostOperand(
          matrix.codes(), ordered(granularity, matrix.scales(), rows, k), matrix.values());
    }
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
    }
    return new HostOperand(bytes.array(), new byte[0], values);
  }

  /** Values whose rows and columns differ in magnitude, rounded to BF16. */
  static float[] spread(int rows, int k, Random random) {
    float[] values = new float[rows * k];
    double[] column = new double[k];
    for (int i = 0; i < k; i++) {
      column[i] = Math.exp(random.nextGaussian() / 2);
    }
    for (int row = 0; row < rows; row++) {
      double size = Math.exp(random.nextGaussian() / 2);
      for (int i = 0; i < k; i++) {
        values[row * k + i] = Bf16.round((float) (size * column[i] * random.nextGaussian()));
      }
    }
    return values;
  }

  private static int across(Granularity granularity, int k) {
    return switch (granularity) {
      case TENSOR, ROW -> 1;
      case GROUP_128, SQUARE_128 -> (k + Granularity.SIDE - 1) / Granularity.SIDE;
    };
  }

  private static int down(Granularity granularity, int rows) {
    return switch (granularity) {
      case TENSOR -> 1;
      case ROW, GROUP_128 -> rows;
      case SQUARE_128 -> (rows + Granularity.SIDE - 1) / Granularity.SIDE;
    };
  }

  private static int tile(Granularity granularity, int row, int column, int across) {
    return switch (granularity) {
      case TENSOR -> 0;
      case ROW -> row;
      case GROUP_128 -> row * across + column / Granularity.SIDE;
      case SQUARE_128 -> row / Granularity.SIDE * across + column / Granularity.SIDE;
    };
  }

  /** The scales in the order of the device. */
  private static byte[] ordered(Granularity granularity, float[] scales, int rows, int k) {
    if (granularity == null) {
      return new byte[0];
    }
    int across = across(granularity, k);
    int down = down(granularity, rows);
    int padded =
        granularity == Granularity.SQUARE_128
            ? (across + SCALE_PADDING - 1) / SCALE_PADDING * SCALE_PADDING
            : across;
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * down * padded).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < down; row++) {
      for (int column = 0; column < across; column++) {
        int place =
            granularity == Granularity.GROUP_128 ? column * rows + row : row * padded + column;
        bytes.putFloat(Float.BYTES * place, scales[row * across + column]);
      }
    }
    return bytes.array();
  }
}
