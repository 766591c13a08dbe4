package io.sextant.gpu.expert;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.CheckKernels;
import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.numerics.format.Granularity;
import java.util.Arrays;

/**
 * The experts of one GPU with their weights on the device: gate and up projection, SwiGLU and down
 * projection, each as one launch for all experts. In FP8, tokens arrive in E4M3 with one scale per
 * token, as sent by DeepEP.
 */
public final class ExpertLayer implements AutoCloseable {
  private static final CheckKernels.Gaussian WEIGHTS = new CheckKernels.Gaussian(0.02f, 0);
  private static final CheckKernels.Gaussian TOKENS = new CheckKernels.Gaussian(1, 0);

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
  private final DeviceResources resources = new DeviceResources();

  /**
   * Sizes of a layer.
   *
   * @param slots number of experts that the GPU holds
   * @param hidden number of features of a token
   * @param inner number of features between an expert's projections
   * @param mostTokens maximum number of rows of all experts together
   */
  public record Shape(int slots, int hidden, int inner, int mostTokens) {}

  /** Allocates and fills the weights and the tokens. The caller closes the kernels. */
  public ExpertLayer(Kernels kernels, CudaStream stream, boolean e4m3, Shape shape) {
    this.kernels = kernels;
    this.e4m3 = e4m3;
    slots = shape.slots();
    inner = shape.inner();
    int hidden = shape.hidden();
    int mostTokens = shape.mostTokens();
    int bytes = e4m3 ? 1 : 2;
    try {
      gateUp = resources.hold(new Weights(stream, 2 * inner, hidden));
      down = resources.hold(new Weights(stream, hidden, inner));
      tokens = resources.buffer((long) bytes * mostTokens * hidden);
      tokenScales = resources.buffer((long) Float.BYTES * mostTokens);
      projected = resources.buffer(4L * mostTokens * inner);
      gated = resources.buffer((long) bytes * mostTokens * inner);
      gatedScales = resources.buffer((long) Float.BYTES * mostTokens);
      outputs = resources.buffer(2L * mostTokens * hidden);
      try (DeviceBuffer values = new DeviceBuffer(2L * mostTokens * hidden)) {
        kernels.check().fill(stream, values, hidden, TOKENS, 5);
        if (e4m3) {
          quantize(stream, values, mostTokens, hidden, tokens, tokenScales);
        } else {
          values.copyTo(tokens, stream);
        }
        stream.synchronize();
      }
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /** The rows that the experts compute, grouped by slot; E4M3 or BF16. */
  public DeviceBuffer rows() {
    return tokens;
  }

  /** The scales of E4M3 rows. */
  public DeviceBuffer rowScales() {
    return tokenScales;
  }

  /** The results of the rows in BF16. */
  public DeviceBuffer outputs() {
    return outputs;
  }

  /** The work of one micro-batch on one GPU, ready to start. */
  public final class Work implements AutoCloseable {
    private final int rows;
    private final GroupedGemm.Launch up;
    private final GroupedGemm.Launch back;
    private final DeviceResources launches = new DeviceResources();

    private Work(int[] tokensOfSlot) {
      rows = Arrays.stream(tokensOfSlot).sum();
      try {
        up = launch(gateUp.projection(tokens, tokenScales, projected), tokensOfSlot);
        back = launch(down.projection(gated, gatedScales, outputs), tokensOfSlot);
      } catch (RuntimeException | Error e) {
        launches.closeAfter(e);
        throw e;
      }
    }

    private GroupedGemm.Launch launch(GroupedGemm.Projection projection, int[] tokensOfSlot) {
      return rows == 0 ? null : launches.hold(kernels.grouped().prepare(projection, tokensOfSlot));
    }

    /** Starts the work. */
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
      launches.close();
    }
  }

  /**
   * Prepares the work of a GPU.
   *
   * @param tokensOfSlot number of rows per expert of the GPU
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
    resources.close();
  }

  /** The weights of one projection for all slots. */
  private final class Weights implements AutoCloseable {
    private final int out;
    private final int k;
    private final DeviceBuffer values;
    private final DeviceBuffer scales;
    private final DeviceResources held = new DeviceResources();

    Weights(CudaStream stream, int out, int k) {
      this.out = out;
      this.k = k;
      try {
        scales = held.buffer((long) Float.BYTES * slots * out);
        values = held.buffer((e4m3 ? 1L : 2L) * slots * out * k);
        if (e4m3) {
          try (DeviceBuffer bf16 = new DeviceBuffer(2L * slots * out * k)) {
            kernels.check().fill(stream, bf16, k, WEIGHTS, 6);
            quantize(stream, bf16, slots * out, k, values, scales);
            stream.synchronize();
          }
        } else {
          kernels.check().fill(stream, values, k, WEIGHTS, 6);
        }
      } catch (RuntimeException | Error e) {
        held.closeAfter(e);
        throw e;
      }
    }

    GroupedGemm.Projection projection(
        DeviceBuffer activations, DeviceBuffer activationScales, DeviceBuffer target) {
      return new GroupedGemm.Projection(
          e4m3, values, activations, target, scales, activationScales, slots, out, k);
    }

    @Override
    public void close() {
      held.close();
    }
  }
}
