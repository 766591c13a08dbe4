package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;

/** The gated activation of an expert ({@code swiglu.cu}). */
public final class SwigluKernels implements AutoCloseable {
  private static final int VALUES_OF_THREAD = 8;

  private final CudaModule module;

  /** Compiles and loads the kernels. */
  public SwigluKernels(KernelCompiler compiler) {
    module = new CudaModule(compiler.compile("swiglu", KernelCompiler.source("swiglu.cu")));
  }

  /**
   * Starts silu(gate) * up.
   *
   * @param gateUp input in BF16, shape [tokens, 2 inner], all gates of a token first
   * @param inner number of features, a multiple of 256, at most 8192
   * @param out output, shape [tokens, inner]: E4M3 if there are scales, otherwise BF16
   * @param scales scales, shape [tokens]; null for BF16
   */
  public void start(
      CudaStream stream,
      DeviceBuffer gateUp,
      int tokens,
      int inner,
      DeviceBuffer out,
      DeviceBuffer scales) {
    int threads = inner / VALUES_OF_THREAD;
    if (scales == null) {
      module
          .kernel("swigluBf16")
          .launch(stream, tokens, threads, 0, gateUp.address(), out.address());
    } else {
      module
          .kernel("swigluE4m3")
          .launch(stream, tokens, threads, 0, gateUp.address(), out.address(), scales.address());
    }
  }

  @Override
  public void close() {
    module.close();
  }
}
