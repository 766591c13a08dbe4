package io.sextant.numerics.format;

/**
 * A matrix in FP8 with its scales, equal bit for bit to the result of our kernels: a value x is
 * encoded as x * (largest / amax), and the stored scale is amax / largest, all in float.
 *
 * @param codes FP8 codes, row-major
 * @param scales scales in the order of rows, then of groups within a row
 */
public record ScaledMatrix(
    Fp8Format format,
    Granularity granularity,
    int rows,
    int columns,
    byte[] codes,
    float[] scales) {
  /** Keeps {@code largest / amax} finite if all values are zero. */
  private static final float SMALLEST_AMAX = 1e-30f;

  /** Quantises a row-major matrix. */
  public static ScaledMatrix of(
      Fp8Format format, Granularity granularity, float[] values, int rows, int columns) {
    int height = tileHeight(granularity, rows);
    int width = tileWidth(granularity, columns);
    int across = (columns + width - 1) / width;
    int down = (rows + height - 1) / height;
    byte[] codes = new byte[values.length];
    float[] scales = new float[across * down];
    for (int tile = 0; tile < scales.length; tile++) {
      int top = tile / across * height;
      int left = tile % across * width;
      int bottom = Math.min(rows, top + height);
      int right = Math.min(columns, left + width);
      float amax = SMALLEST_AMAX;
      for (int row = top; row < bottom; row++) {
        for (int i = row * columns + left; i < row * columns + right; i++) {
          amax = Math.max(amax, Math.abs(values[i]));
        }
      }
      float factor = format.largest() / amax;
      scales[tile] = amax / format.largest();
      for (int row = top; row < bottom; row++) {
        for (int i = row * columns + left; i < row * columns + right; i++) {
          codes[i] = format.encode(values[i] * factor);
        }
      }
    }
    return new ScaledMatrix(format, granularity, rows, columns, codes, scales);
  }

  /** The represented values, code times scale, row-major. */
  public float[] values() {
    int height = tileHeight(granularity, rows);
    int width = tileWidth(granularity, columns);
    int across = (columns + width - 1) / width;
    float[] values = new float[codes.length];
    for (int row = 0; row < rows; row++) {
      int firstTile = row / height * across;
      for (int column = 0; column < columns; column++) {
        int i = row * columns + column;
        values[i] = format.decode(codes[i]) * scales[firstTile + column / width];
      }
    }
    return values;
  }

  private static int tileHeight(Granularity granularity, int rows) {
    return switch (granularity) {
      case TENSOR -> rows;
      case ROW, GROUP_128 -> 1;
      case SQUARE_128 -> Granularity.SIDE;
    };
  }

  private static int tileWidth(Granularity granularity, int columns) {
    return switch (granularity) {
      case TENSOR, ROW -> columns;
      case GROUP_128, SQUARE_128 -> Granularity.SIDE;
    };
  }
}
