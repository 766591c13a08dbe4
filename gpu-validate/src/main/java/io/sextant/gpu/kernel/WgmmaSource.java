package io.sextant.gpu.kernel;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Generates the source of the Hopper tensor-core instruction for each token width. The PTX names
 * each of up to 128 sums, so one source cannot serve all widths.
 */
final class WgmmaSource {
  private static final int WIDTH_STEP = 16;
  private static final int MOST_WIDTH = 256;

  private WgmmaSource() {}

  /**
   * Specialisations {@code Mma<E4M3, N>::run(sums, weights, tokens)}: sums[64, N] += weights[64, 32
   * bytes] x tokens[N, 32 bytes] transposed; both operands are shared-memory descriptors.
   */
  static String text() {
    StringBuilder text =
        new StringBuilder(
            """
            typedef unsigned int u32;
            typedef unsigned long long u64;
            template <bool E4M3, int N> struct Mma;
            """);
    for (int width = WIDTH_STEP; width <= MOST_WIDTH; width += WIDTH_STEP) {
      text.append(specialisation(width, false)).append(specialisation(width, true));
    }
    return text.toString();
  }

  private static String specialisation(int width, boolean e4m3) {
    int sums = width / 2;
    String shape =
        "m64n%dk%d.f32.%s".formatted(width, e4m3 ? 32 : 16, e4m3 ? "e4m3.e4m3" : "bf16.bf16");
    return """
        template <> struct Mma<%s, %d> {
          static __device__ __forceinline__ void run(float (&d)[%d], u64 a, u64 b) {
            asm volatile("{.reg .pred p; setp.ne.b32 p, 1, 0; wgmma.mma_async.sync.aligned.%s {%s}, %%%d, %%%d, p, 1, 1%s;}"
                : %s : "l"(a), "l"(b));
          }
        };
        """
        .formatted(
            e4m3,
            width,
            sums,
            shape,
            list(sums, "%%%d"),
            sums,
            sums + 1,
            e4m3 ? "" : ", 0, 0",
            list(sums, "\"+f\"(d[%d])"));
  }

  private static String list(int count, String format) {
    return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining(", "));
  }
}
