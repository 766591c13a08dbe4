package io.sextant.gpu.validate;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.Matmul;
import io.sextant.gpu.library.MatmulShape;
import io.sextant.gpu.library.ScaleMode;
import io.sextant.gpu.library.Workspace;
import io.sextant.numerics.format.Bf16;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.probe.SiteTensors;

/**
 * The operands of a real product on the device, in BF16 and, under an FP8 recipe, also in E4M3.
 * Features and outputs are padded with zeros to multiples of 128.
 */
final class TensorOperands implements AutoCloseable {
  private static final int PAD = 128;

  private final Kernels kernels;
  private final CudaStream stream;
  private final SiteTensors site;
  private final Recipe recipe;
  private final int k;
  private final int out;
  private final DeviceBuffer weights;
  private final DeviceBuffer tokens;
  private final DeviceBuffer outputs;
  private final DeviceBuffer weightCodes;
  private final DeviceBuffer tokenCodes;
  private final DeviceBuffer weightScales;
  private final DeviceBuffer tokenScales;
  private final DeviceBuffer amax;
  private final DeviceResources resources = new DeviceResources();

  TensorOperands(Kernels kernels, CudaStream stream, SiteTensors site, Recipe recipe) {
    this.kernels = kernels;
    this.stream = stream;
    this.site = site;
    this.recipe = recipe;
    k = padded(site.k());
    out = padded(site.out());
    try {
      amax = resources.buffer(Integer.BYTES);
      weights =
          resources.hold(DeviceBuffer.of(bits(site.weights().values(), site.out(), out, site.k())));
      tokens =
          resources.hold(
              DeviceBuffer.of(
                  bits(site.activations().values(), site.tokens(), site.tokens(), site.k())));
      outputs = resources.buffer(2L * site.tokens() * out);
      weightCodes = resources.buffer((long) out * k);
      tokenCodes = resources.buffer((long) site.tokens() * k);
      weightScales = scales(recipe.weights(), out);
      tokenScales = scales(recipe.activations(), site.tokens());
      if (recipe.fp8()) {
        quantize(recipe.weights(), weights, out, weightCodes, weightScales);
        quantize(recipe.activations(), tokens, site.tokens(), tokenCodes, tokenScales);
      }
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private DeviceBuffer scales(Granularity granularity, int rows) {
    int count = recipe.fp8() ? QuantizeKernels.scaleCount(granularity, rows, k) : 1;
    return resources.buffer((long) Float.BYTES * count);
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
            stream, granularity, new QuantizeKernels.Operand(values, rows, k, codes, scales, amax));
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

  private static int padded(int size) {
    return (size + PAD - 1) / PAD * PAD;
  }

  /** Sizes of the padded product. */
  MatmulShape shape() {
    return new MatmulShape(site.tokens(), out, k);
  }

  /** Number of features, padded. */
  int k() {
    return k;
  }

  /** Number of outputs per token, padded. */
  int out() {
    return out;
  }

  /** The weights [out, k], in BF16 or E4M3 depending on the recipe. */
  DeviceBuffer weightData() {
    return recipe.fp8() ? weightCodes : weights;
  }

  /** The activations [tokens, k], likewise. */
  DeviceBuffer tokenData() {
    return recipe.fp8() ? tokenCodes : tokens;
  }

  /** The activations [tokens, k] in BF16. */
  DeviceBuffer tokens() {
    return tokens;
  }

  DeviceBuffer weightScales() {
    return weightScales;
  }

  DeviceBuffer tokenScales() {
    return tokenScales;
  }

  /** Four bytes for the maximum magnitude of a tensor. */
  DeviceBuffer amax() {
    return amax;
  }

  /** The buffer for a product's outputs, [tokens, out] in BF16. */
  DeviceBuffer target() {
    return outputs;
  }

  /** cuBLASLt's product of these operands; the caller closes it. */
  Matmul matmul(CublasLt library, Workspace workspace) {
    return recipe.fp8()
        ? Matmul.e4m3(
            library,
            shape(),
            new Matmul.Scaling(
                ScaleMode.of(recipe.weights()),
                weightScales.address(),
                ScaleMode.of(recipe.activations()),
                tokenScales.address(),
                recipe.fastAccumulation()),
            workspace)
        : Matmul.bf16(library, shape(), workspace);
  }

  /** The outputs of the last product without the padding, [tokens, out]. */
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

  @Override
  public void close() {
    resources.close();
  }
}
