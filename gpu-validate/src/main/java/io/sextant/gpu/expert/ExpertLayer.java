package io.sextant.gpu.expert;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.numerics.format.Granularity;
import java.util.Arrays;

/**
 * The experts of one GPU with their weights on the device: gate and up projection, SwiGLU, down
 * projection, each one launch for all experts. In FP8, tokens arrive in E4M3 with a scale each, as
 * DeepEP sends them.
 */
public final class ExpertLayer implements AutoCloseable {
  private static final float WEIGHT_SIZE = 0.02f;

  private final Kernels kernels;
  private final boolean e4m3;
  private final int inner;
  private final Weights gateUp;
  private final Weights down;
  private final DeviceBuffer tokens;
  private final DeviceBuffer tokenScales;
  private final DeviceBuffer projected;
  private final DeviceBuffer gated;
  private final DeviceBuffer gatedScales;
  private final DeviceBuffer outputs;
  private final int slots;

  /**
   * @param slots experts the GPU holds
   * @param mostTokens room for as many rows over all experts
   */
  public ExpertLayer(
      Kernels kernels,
      CudaStream stream,
      boolean e4m3,
      int slots,
      int hidden,
      int inner,
      int mostTokens) {
    this.kernels = kernels;
    this.e4m3 = e4m3;
    this.slots = slots;
    this.inner = inner;
    int bytes = e4m3 ? 1 : 2;
    gateUp = new Weights(stream, 2 * inner, hidden);
    down = new Weights(stream, hidden, inner);
    tokens = new DeviceBuffer((long) bytes * mostTokens * hidden);
    tokenScales = new DeviceBuffer((long) Float.BYTES * mostTokens);
    projected = new DeviceBuffer(4L * mostTokens * inner);
    gated = new DeviceBuffer((long) bytes * mostTokens * inner);
    gatedScales = new DeviceBuffer((long) Float.BYTES * mostTokens);
    outputs = new DeviceBuffer(2L * mostTokens * hidden);
    try (DeviceBuffer values = new DeviceBuffer(2L * mostTokens * hidden)) {
      kernels.check().fill(stream, values, hidden, 1, 0, 5);
      if (e4m3) {
        quantize(stream, values, mostTokens, hidden, tokens, tokenScales);
      } else {
        values.copyTo(tokens, stream);
      }
      stream.synchronize();
    }
  }

  /** The work of one micro-batch on one GPU, ready to start. */
  public final class Work implements AutoCloseable {
    private final int rows;
    private final GroupedGemm.Launch up;
    private final GroupedGemm.Launch back;

    private Work(int[] tokensOfSlot) {
      rows = Arrays.stream(tokensOfSlot).sum();
      up =
          rows == 0
              ? null
              : kernels
                  .grouped()
                  .prepare(gateUp.projection(tokens, tokenScales, projected), tokensOfSlot);
      back =
          rows == 0
              ? null
              : kernels
                  .grouped()
                  .prepare(down.projection(gated, gatedScales, outputs), tokensOfSlot);
    }

    /** Starts it. */
    public void start(CudaStream stream) {
      if (rows == 0) {
        return;
      }
      up.start(stream);
      kernels.swiglu().start(stream, projected, rows, inner, gated, e4m3 ? gatedScales : null);
      back.start(stream);
    }

    @Override
    public void close() {
      if (rows > 0) {
        up.close();
        back.close();
      }
    }
  }

  /**
   * Makes the work of a GPU ready.
   *
   * @param tokensOfSlot rows each of its experts gets
   */
  public Work prepare(int[] tokensOfSlot) {
    return new Work(tokensOfSlot);
  }

  private void quantize(
      CudaStream stream,
      DeviceBuffer values,
      int rows,
      int columns,
      DeviceBuffer codes,
      DeviceBuffer scales) {
    kernels
        .quantize()
        .start(
            stream,
            Granularity.ROW,
            new QuantizeKernels.Operand(values, rows, columns, codes, scales, null));
  }

  @Override
  public void close() {
    gateUp.close();
    down.close();
    tokens.close();
    tokenScales.close();
    projected.close();
    gated.close();
    gatedScales.close();
    outputs.close();
  }

  /** One projection's weights of all slots. */
  private final class Weights implements AutoCloseable {
    private final int out;
    private final int k;
    private final DeviceBuffer values;
    private final DeviceBuffer scales;

    Weights(CudaStream stream, int out, int k) {
      this.out = out;
      this.k = k;
      scales = new DeviceBuffer((long) Float.BYTES * slots * out);
      DeviceBuffer bf16 = new DeviceBuffer(2L * slots * out * k);
      kernels.check().fill(stream, bf16, k, WEIGHT_SIZE, 0, 6);
      if (e4m3) {
        values = new DeviceBuffer((long) slots * out * k);
        quantize(stream, bf16, slots * out, k, values, scales);
        stream.synchronize();
        bf16.close();
      } else {
        values = bf16;
      }
    }

    GroupedGemm.Projection projection(
        DeviceBuffer activations, DeviceBuffer activationScales, DeviceBuffer target) {
      return new GroupedGemm.Projection(
          e4m3, values, activations, target, scales, activationScales, slots, out, k);
    }

    @Override
    public void close() {
      values.close();
      scales.close();
    }
  }
}
