package io.sextant.gpu.validate;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.gpu.kernel.Sparse24Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.CusparseLt;
import io.sextant.gpu.library.Matmul;
import io.sextant.gpu.library.ScaleMode;
import io.sextant.gpu.library.SparseMatmul;
import io.sextant.numerics.format.Bf16;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.gemm.GemmInput;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.probe.SiteTensors;

/**
 * Products of real operands on the device, under any recipe. Features and outputs are padded with
 * zeros to multiples of 128, which changes no scale and no output.
 */
public final class TensorGemm implements AutoCloseable {
  private static final long WORKSPACE_BYTES = 32L << 20;
  private static final int PAD = 128;

  private final Kernels kernels;
  private final CublasLt library;
  private final CudaStream stream = new CudaStream();
  private final DeviceBuffer workspace = new DeviceBuffer(WORKSPACE_BYTES);

  /** Both stay the caller's to close. */
  public TensorGemm(Kernels kernels, CublasLt library) {
    this.kernels = kernels;
    this.library = library;
  }

  /** Outputs [tokens, out] of cuBLASLt's first choice for a recipe. */
  public float[] cublasLt(Recipe recipe, SiteTensors site) {
    try (Operands operands = new Operands(site, recipe)) {
      try (Matmul matmul = operands.matmul(recipe)) {
        matmul.start(
            0,
            operands.weightData(),
            operands.tokenData(),
            operands.outputs.address(),
            stream.address());
      }
      return operands.outputs();
    }
  }

  /** Outputs of our grouped kernel, with all tokens at one expert: BF16, or E4M3 by row. */
  public float[] grouped(boolean e4m3, GroupedGemm kernel, SiteTensors site) {
    try (Operands operands = new Operands(site, e4m3 ? Recipe.E4M3_ROW : Recipe.BF16)) {
      GroupedGemm.Projection projection =
          new GroupedGemm.Projection(
              e4m3,
              e4m3 ? operands.weightCodes : operands.weights,
              e4m3 ? operands.tokenCodes : operands.tokens,
              operands.outputs,
              operands.weightScales,
              operands.tokenScales,
              1,
              operands.out,
              operands.k);
      try (GroupedGemm.Launch launch = kernel.prepare(projection, new int[] {site.tokens()})) {
        launch.start(stream);
        return operands.outputs();
      }
    }
  }

  /**
   * Outputs of our packing kernel and cuSPARSELt's first kernel.
   *
   * @param recipe one with a 2:4 operand
   * @param site whose activations are not negative, and whose tokens are a multiple of 64
   */
  public float[] cusparseLt(CusparseLt sparseLibrary, Recipe recipe, SiteTensors site) {
    Sparse24Kernels pack = kernels.sparse24(GemmInput.ACTIVATIONS);
    try (Operands operands = new Operands(site, recipe);
        DeviceBuffer compressed =
            new DeviceBuffer(
                Sparse24Kernels.compressedBytes(
                    site.tokens(), operands.k, recipe.fp8() ? 1 : Short.BYTES))) {
      float factor = 1;
      if (recipe.fp8()) {
        pack.calibrate(stream, operands.tokens, operands.amax);
        pack.packE4m3(
            stream,
            operands.tokens,
            site.tokens(),
            operands.k,
            compressed,
            operands.amax,
            operands.tokenScales);
        factor = operands.tokenScales.toFloats(1)[0] * operands.weightScales.toFloats(1)[0];
      } else {
        pack.packBf16(stream, operands.tokens, site.tokens(), operands.k, compressed);
      }
      try (SparseMatmul matmul =
          recipe.fp8()
              ? SparseMatmul.e4m3(
                  sparseLibrary,
                  site.tokens(),
                  operands.out,
                  operands.k,
                  factor,
                  workspace.address(),
                  WORKSPACE_BYTES)
              : SparseMatmul.bf16(
                  sparseLibrary,
                  site.tokens(),
                  operands.out,
                  operands.k,
                  workspace.address(),
                  WORKSPACE_BYTES)) {
        matmul.start(
            0,
            compressed.address(),
            operands.weightData(),
            operands.outputs.address(),
            stream.address());
        stream.synchronize();
      }
      return operands.outputs();
    }
  }

  @Override
  public void close() {
    workspace.close();
    stream.close();
  }

  private final class Operands implements AutoCloseable {
    private final SiteTensors site;
    private final int k;
    private final int out;
    private final boolean fp8;
    private final DeviceBuffer weights;
    private final DeviceBuffer tokens;
    private final DeviceBuffer outputs;
    private final DeviceBuffer weightCodes;
    private final DeviceBuffer tokenCodes;
    private final DeviceBuffer weightScales;
    private final DeviceBuffer tokenScales;
    private final DeviceBuffer amax = new DeviceBuffer(Integer.BYTES);

    Operands(SiteTensors site, Recipe recipe) {
      this.site = site;
      fp8 = recipe.fp8();
      k = padded(site.k());
      out = padded(site.out());
      weights = DeviceBuffer.of(bits(site.weights().values(), site.out(), out, site.k()));
      tokens =
          DeviceBuffer.of(
              bits(site.activations().values(), site.tokens(), site.tokens(), site.k()));
      outputs = new DeviceBuffer(2L * site.tokens() * out);
      weightCodes = new DeviceBuffer((long) out * k);
      tokenCodes = new DeviceBuffer((long) site.tokens() * k);
      weightScales = scales(recipe.weights(), out);
      tokenScales = scales(recipe.activations(), site.tokens());
      if (fp8) {
        quantize(recipe.weights(), weights, out, weightCodes, weightScales);
        quantize(recipe.activations(), tokens, site.tokens(), tokenCodes, tokenScales);
      }
    }

    private DeviceBuffer scales(Granularity granularity, int rows) {
      int count = fp8 ? QuantizeKernels.scaleCount(granularity, rows, k) : 1;
      return new DeviceBuffer((long) Float.BYTES * count);
    }

    private void quantize(
        Granularity granularity,
        DeviceBuffer values,
        int rows,
        DeviceBuffer codes,
        DeviceBuffer scales) {
      kernels
          .quantize()
          .start(
              stream,
              granularity,
              new QuantizeKernels.Operand(values, rows, k, codes, scales, amax));
    }

    private short[] bits(float[] values, int rows, int paddedRows, int columns) {
      short[] bits = new short[paddedRows * k];
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          bits[row * k + column] = Bf16.encode(values[row * columns + column]);
        }
      }
      return bits;
    }

    Matmul matmul(Recipe recipe) {
      return recipe.fp8()
          ? Matmul.e4m3(
              library,
              site.tokens(),
              out,
              k,
              new Matmul.Scaling(
                  ScaleMode.of(recipe.weights()),
                  weightScales.address(),
                  ScaleMode.of(recipe.activations()),
                  tokenScales.address(),
                  recipe.fastAccumulation()),
              workspace.address(),
              WORKSPACE_BYTES)
          : Matmul.bf16(library, site.tokens(), out, k, workspace.address(), WORKSPACE_BYTES);
    }

    long weightData() {
      return fp8 ? weightCodes.address() : weights.address();
    }

    long tokenData() {
      return fp8 ? tokenCodes.address() : tokens.address();
    }

    float[] outputs() {
      short[] bits = outputs.toShorts(site.tokens() * out);
      float[] values = new float[site.tokens() * site.out()];
      for (int token = 0; token < site.tokens(); token++) {
        for (int column = 0; column < site.out(); column++) {
          values[token * site.out() + column] = Bf16.decode(bits[token * out + column]);
        }
      }
      return values;
    }

    private static int padded(int size) {
      return (size + PAD - 1) / PAD * PAD;
    }

    @Override
    public void close() {
      weights.close();
      tokens.close();
      outputs.close();
      weightCodes.close();
      tokenCodes.close();
      weightScales.close();
      tokenScales.close();
      amax.close();
    }
  }
}
