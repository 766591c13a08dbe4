package io.sextant.gpu.attention;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.kernel.AttentionKernels;
import io.sextant.numerics.attention.AttentionErrors;
import io.sextant.numerics.attention.SimplicialReference;
import io.sextant.numerics.format.Bf16;
import java.util.Arrays;

/** Runs the cases of {@link AttentionErrors} on the device. */
public final class DeviceAttention implements AttentionErrors.Device {
  private final AttentionKernels kernels;
  private final CudaStream stream;

  /** Creates a runner; the caller closes both arguments. */
  public DeviceAttention(AttentionKernels kernels, CudaStream stream) {
    this.kernels = kernels;
    this.stream = stream;
  }

  @Override
  public float[] outputs(AttentionErrors.Case of, SimplicialReference operands) {
    int count = operands.queries().length;
    short[] unwritten = new short[count];
    Arrays.fill(unwritten, Bf16.encode(Float.NaN));
    try (DeviceBuffer queries = DeviceBuffer.of(bits(operands.queries()));
        DeviceBuffer keys = DeviceBuffer.of(bits(operands.keys()));
        DeviceBuffer values = DeviceBuffer.of(bits(operands.values()));
        DeviceBuffer secondKeys = DeviceBuffer.of(bits(operands.secondKeys()));
        DeviceBuffer secondValues = DeviceBuffer.of(bits(operands.secondValues()));
        DeviceBuffer outputs = DeviceBuffer.of(unwritten)) {
      AttentionKernels.Operands buffers =
          new AttentionKernels.Operands(queries, keys, values, secondKeys, secondValues, outputs);
      if (of.simplicial()) {
        kernels.simplicial(stream, of.shape(), buffers, of.w1(), of.w2());
      } else {
        kernels.dotProduct(stream, of.shape(), buffers);
      }
      return Bf16.decode(outputs.toShorts(count));
    }
  }

  private static short[] bits(float[] values) {
    // Dot-product attention has no second keys and values, and its kernel does not read them.
    return values == null ? new short[1] : Bf16.encode(values);
  }
}
