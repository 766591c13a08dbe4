package io.sextant.gpu.validate;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.kernel.CheckKernels;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.numerics.format.Bf16;
import io.sextant.numerics.format.Fp8Format;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.format.Half;
import io.sextant.numerics.format.ScaledMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Compares the device's conversions with the emulation on the CPU, bit for bit. */
public final class ConversionChecks {
  private static final int ALL_16_BITS = 1 << 16;
  private static final int ROWS = 300;
  private static final int COLUMNS = 1408;
  private static final float SPREAD = 2;

  private final Kernels kernels;
  private final CudaStream stream;

  /** Creates checks that run on this stream. */
  public ConversionChecks(Kernels kernels, CudaStream stream) {
    this.kernels = kernels;
    this.stream = stream;
  }

  /** Checks all 16-bit inputs, then whole matrices at each granularity. */
  public List<Check> run() {
    List<Check> checks = new ArrayList<>();
    CheckKernels.Conversions codes = kernels.check().convertAll(stream);
    IntToDoubleFunction half = bits -> Half.value((short) bits);
    IntToDoubleFunction bf16 = bits -> Bf16.decode((short) bits);
    checks.add(codes("float16 to E4M3", Fp8Format.E4M3, half, codes.halfE4m3()));
    checks.add(codes("float16 to E5M2", Fp8Format.E5M2, half, codes.halfE5m2()));
    checks.add(codes("BF16 to E4M3", Fp8Format.E4M3, bf16, codes.bf16E4m3()));
    checks.add(codes("BF16 to E5M2", Fp8Format.E5M2, bf16, codes.bf16E5m2()));
    for (Granularity granularity : Granularity.values()) {
      checks.add(matrix(granularity));
    }
    return checks;
  }

  private static Check codes(
      String name, Fp8Format format, IntToDoubleFunction value, short[] found) {
    int different = 0;
    String first = "";
    for (int bits = 0; bits < ALL_16_BITS; bits++) {
      int expected = format.encode((float) value.applyAsDouble(bits)) & 0xFF;
      int actual = found[bits] & 0xFF;
      if (expected != actual) {
        if (different == 0) {
          first =
              "; first 0x%04x: emulated 0x%02x, device 0x%02x".formatted(bits, expected, actual);
        }
        different++;
      }
    }
    return new Check(
        name, different == 0, "%,d inputs, %d differ%s".formatted(ALL_16_BITS, different, first));
  }

  private Check matrix(Granularity granularity) {
    int scaleCount = QuantizeKernels.scaleCount(granularity, ROWS, COLUMNS);
    try (DeviceBuffer values = new DeviceBuffer(2L * ROWS * COLUMNS);
        DeviceBuffer codes = new DeviceBuffer((long) ROWS * COLUMNS);
        DeviceBuffer scales = new DeviceBuffer(4L * scaleCount);
        DeviceBuffer amax = new DeviceBuffer(4)) {
      kernels.check().fill(stream, values, COLUMNS, new CheckKernels.Gaussian(1, SPREAD), 3);
      kernels
          .quantize()
          .start(
              stream,
              granularity,
              new QuantizeKernels.Operand(values, ROWS, COLUMNS, codes, scales, amax));
      float[] input = Bf16.decode(values.toShorts(ROWS * COLUMNS));
      ScaledMatrix expected = ScaledMatrix.of(Fp8Format.E4M3, granularity, input, ROWS, COLUMNS);
      int codesDiffer = 0;
      byte[] actual = codes.toBytes(ROWS * COLUMNS);
      for (int i = 0; i < actual.length; i++) {
        if (actual[i] != expected.codes()[i]) {
          codesDiffer++;
        }
      }
      int scalesDiffer = scalesDiffer(granularity, expected, scales.toFloats(scaleCount));
      return new Check(
          "quantise by " + granularity.name().toLowerCase(java.util.Locale.ROOT),
          codesDiffer == 0 && scalesDiffer == 0,
          "%,d values, %d codes and %d scales differ"
              .formatted(actual.length, codesDiffer, scalesDiffer));
    }
  }

  private static int scalesDiffer(Granularity granularity, ScaledMatrix expected, float[] scales) {
    int across =
        granularity == Granularity.TENSOR || granularity == Granularity.ROW
            ? 1
            : COLUMNS / Granularity.SIDE;
    int differ = 0;
    for (int i = 0; i < expected.scales().length; i++) {
      int down = i / across;
      int right = i % across;
      int place =
          switch (granularity) {
            case TENSOR, ROW -> i;
            case GROUP_128 -> right * ROWS + down;
            case SQUARE_128 -> down * ((across + 3) / 4 * 4) + right;
          };
      if (scales[place] != expected.scales()[i]) {
        differ++;
      }
    }
    return differ;
  }
}
