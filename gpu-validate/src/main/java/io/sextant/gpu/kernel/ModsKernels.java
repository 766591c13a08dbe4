package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;

/** Normalisation and activation between two products ({@code mods.cu}). */
public final class ModsKernels implements AutoCloseable {
  private static final int VALUES_OF_THREAD = 8;

  private final CudaModule module;

  /** The functions between two products. */
  public enum Between {
    /** LayerNorm, then Swish. */
    LAYER_NORM_SWISH("layerNorm", "swish"),
    /** LoKA's adaptation: RMS norm over blocks of 256, then Hard Swish. */
    BLOCK_NORM_HARD_SWISH("blockNorm", "hardSwish");

    private final String norm;
    private final String activation;

    Between(String norm, String activation) {
      this.norm = norm;
      this.activation = activation;
    }
  }

  /**
   * A BF16 matrix on the device, and the buffers for the results.
   *
   * @param columns number of columns, a multiple of 256, at most 8192
   * @param normalised buffer for as many BF16 values, for the kernels that do one step each
   * @param activated buffer for as many BF16 values, likewise
   * @param codes buffer for the E4M3 codes
   * @param scales buffer for one float per row
   */
  public record Operand(
      DeviceBuffer values,
      int rows,
      int columns,
      DeviceBuffer normalised,
      DeviceBuffer activated,
      DeviceBuffer codes,
      DeviceBuffer scales) {}

  /** Compiles and loads the kernels. */
  public ModsKernels(KernelCompiler compiler) {
    module = new CudaModule(compiler.compile("mods", KernelCompiler.source("mods.cu")));
  }

  /** Starts one kernel that normalises, activates and converts. */
  public void startFused(CudaStream stream, Between between, Operand operand) {
    module
        .kernel(between.norm + "_" + between.activation + "_e4m3")
        .launch(
            stream,
            operand.rows(),
            operand.columns() / VALUES_OF_THREAD,
            0,
            operand.values().address(),
            operand.codes().address(),
            operand.scales().address());
  }

  /** Starts a kernel for the norm and one for the activation; the result is left in BF16. */
  public void startSteps(CudaStream stream, Between between, Operand operand) {
    step(stream, between.norm, operand, operand.values(), operand.normalised());
    step(stream, between.activation, operand, operand.normalised(), operand.activated());
  }

  private void step(
      CudaStream stream, String name, Operand operand, DeviceBuffer from, DeviceBuffer to) {
    module
        .kernel(name + "Bf16")
        .launch(
            stream,
            operand.rows(),
            operand.columns() / VALUES_OF_THREAD,
            0,
            from.address(),
            to.address());
  }

  @Override
  public void close() {
    module.close();
  }
}
