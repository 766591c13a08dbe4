package io.sextant.gpu.validate;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.Sparse24Kernels;
import io.sextant.gpu.library.CusparseLt;
import io.sextant.gpu.library.MatmulShape;
import io.sextant.gpu.library.SparseMatmul;
import io.sextant.gpu.library.Workspace;
import io.sextant.numerics.format.Bf16;
import io.sextant.numerics.format.CompressedOperand;
import io.sextant.numerics.format.Fp8Format;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.format.ScaledMatrix;
import io.sextant.numerics.format.SquaredRelu;
import io.sextant.numerics.format.TwoOfFour;
import io.sextant.numerics.gemm.GemmInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Compares the packing kernels with the emulation on the CPU and with the library's own
 * compression, bit for bit.
 */
public final class Sparse24Checks {
  private static final int ROWS = 192;
  private static final int COLUMNS = 1088;

  /** Few different values, so that in many groups the largest values are equal. */
  private static final double COARSE = 4;

  private final Kernels kernels;
  private final CusparseLt library;
  private final CudaStream stream;

  /** Creates the checks; the caller closes all arguments. */
  public Sparse24Checks(Kernels kernels, CusparseLt library, CudaStream stream) {
    this.kernels = kernels;
    this.library = library;
    this.stream = stream;
  }

  /** Checks both formats, with and without the squared ReLU, on fine and on coarse values. */
  public List<Check> run() {
    List<Check> checks = new ArrayList<>();
    for (GemmInput input : GemmInput.values()) {
      for (boolean coarse : new boolean[] {false, true}) {
        float[] values = values(input, coarse);
        float[] activations =
            input == GemmInput.BEFORE_SQUARED_RELU ? SquaredRelu.of(values) : values;
        String name =
            (input == GemmInput.BEFORE_SQUARED_RELU ? "squared ReLU and pack" : "pack")
                + (coarse ? ", ties" : "");
        checks.add(bf16(name, input, values, activations));
        checks.add(e4m3(name, input, values, activations));
      }
    }
    checks.add(library());
    return checks;
  }

  private static float[] values(GemmInput input, boolean coarse) {
    Random random = new Random(24);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      double value = random.nextGaussian() - 0.5;
      if (coarse) {
        value = Math.rint(COARSE * value) / COARSE;
      }
      values[i] = Bf16.round((float) (input == GemmInput.ACTIVATIONS ? Math.max(0, value) : value));
    }
    return values;
  }

  private Check bf16(String name, GemmInput input, float[] values, float[] activations) {
    long bytes = Sparse24Kernels.compressedBytes(ROWS, COLUMNS, Short.BYTES);
    try (DeviceBuffer source = DeviceBuffer.of(Bf16.encode(values));
        DeviceBuffer compressed = new DeviceBuffer(bytes)) {
      kernels
          .sparse24(input)
          .packBf16(stream, new Sparse24Kernels.Operand(source, ROWS, COLUMNS, compressed));
      byte[] expected = compressedBf16(activations);
      return compare(name + " to BF16", expected, compressed.toBytes((int) bytes));
    }
  }

  private Check e4m3(String name, GemmInput input, float[] values, float[] activations) {
    long bytes = Sparse24Kernels.compressedBytes(ROWS, COLUMNS, 1);
    try (DeviceBuffer source = DeviceBuffer.of(Bf16.encode(values));
        DeviceBuffer compressed = new DeviceBuffer(bytes);
        DeviceBuffer amax = new DeviceBuffer(Integer.BYTES);
        DeviceBuffer scale = new DeviceBuffer(Float.BYTES)) {
      kernels.sparse24(input).calibrate(stream, source, amax);
      kernels
          .sparse24(input)
          .packE4m3(
              stream, new Sparse24Kernels.Operand(source, ROWS, COLUMNS, compressed), amax, scale);
      ScaledMatrix codes =
          ScaledMatrix.of(Fp8Format.E4M3, Granularity.TENSOR, activations, ROWS, COLUMNS);
      byte[] expected = new byte[(int) bytes];
      int at = 0;
      for (int start = 0; start < activations.length; start += TwoOfFour.GROUP) {
        int places = TwoOfFour.places(activations, start);
        expected[at++] = codes.codes()[start + (places & 3)];
        expected[at++] = codes.codes()[start + (places >> 2)];
      }
      byte[] places = CompressedOperand.places(activations, ROWS, COLUMNS, true);
      System.arraycopy(places, 0, expected, at, places.length);
      Check check = compare(name + " to E4M3", expected, compressed.toBytes((int) bytes));
      boolean sameScale = scale.toFloats(1)[0] == codes.scales()[0];
      return new Check(
          check.name(),
          check.passed() && sameScale,
          check.figures() + (sameScale ? "" : "; another scale"));
    }
  }

  /** Compares on a matrix with two non-zero values per group, so that the places are determined. */
  private Check library() {
    float[] pruned = values(GemmInput.ACTIVATIONS, false);
    for (int i = 0; i < pruned.length; i++) {
      pruned[i] = Bf16.round(pruned[i] + 1);
    }
    pruned = TwoOfFour.pruned(pruned);
    long bytes = Sparse24Kernels.compressedBytes(ROWS, COLUMNS, Short.BYTES);
    String name = "the library's compression";
    try (DeviceBuffer source = DeviceBuffer.of(Bf16.encode(pruned));
        SparseMatmul matmul =
            SparseMatmul.bf16(library, new MatmulShape(ROWS, COLUMNS, COLUMNS), Workspace.NONE);
        DeviceBuffer compressed = new DeviceBuffer(matmul.compressedBytes());
        DeviceBuffer buffer = new DeviceBuffer(matmul.compressionBufferBytes() + 1)) {
      if (matmul.compressedBytes() != bytes) {
        return new Check(
            name, false, "%,d bytes instead of %,d".formatted(matmul.compressedBytes(), bytes));
      }
      matmul.compress(source.address(), compressed.address(), buffer.address(), stream.address());
      return compare(name, compressedBf16(pruned), compressed.toBytes((int) bytes));
    }
  }

  private static byte[] compressedBf16(float[] activations) {
    float[] kept = CompressedOperand.values(activations);
    byte[] places = CompressedOperand.places(activations, ROWS, COLUMNS, false);
    byte[] bytes = new byte[Short.BYTES * kept.length + places.length];
    for (int i = 0; i < kept.length; i++) {
      short bits = Bf16.encode(kept[i]);
      bytes[2 * i] = (byte) bits;
      bytes[2 * i + 1] = (byte) (bits >> 8);
    }
    System.arraycopy(places, 0, bytes, Short.BYTES * kept.length, places.length);
    return bytes;
  }

  private static Check compare(String name, byte[] expected, byte[] found) {
    int first = Arrays.mismatch(expected, found);
    return new Check(
        name,
        first < 0,
        first < 0
            ? "%,d bytes, 0 differ".formatted(expected.length)
            : "%,d bytes, the first that differs is %,d".formatted(expected.length, first));
  }
}
