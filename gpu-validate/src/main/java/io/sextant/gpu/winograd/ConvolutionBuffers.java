package io.sextant.gpu.winograd;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.WinogradKernels.Images;
import io.sextant.numerics.format.Half;
import io.sextant.numerics.winograd.ConvLayer;
import io.sextant.numerics.winograd.DirectConvolution;

/** Inputs and outputs of a layer, in enough sets that they do not come from the cache. */
final class ConvolutionBuffers implements AutoCloseable {
  /** Number of sets of inputs and outputs. */
  static final int ROTATIONS = 4;

  private final ConvLayer layer;
  private final int batch;
  private final CudaStream stream;
  private final double[] exact;
  private final DeviceBuffer x;
  private final DeviceBuffer y;
  private final long inputBytes;
  private final long outputBytes;
  private final DeviceResources resources = new DeviceResources();

  /**
   * @param batch number of images per call; the layer's own images are repeated
   * @param stream the stream to use; the caller closes it
   */
  ConvolutionBuffers(ConvLayer layer, int batch, CudaStream stream) {
    this.layer = layer;
    this.batch = batch;
    this.stream = stream;
    exact = DirectConvolution.outputs(layer, false);
    int pixels = layer.side() * layer.side();
    inputBytes = 2L * batch * pixels * layer.in();
    outputBytes = 2L * batch * pixels * layer.out();
    try {
      x = resources.hold(DeviceBuffer.of(inputs()));
      y = resources.buffer(ROTATIONS * outputBytes);
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private short[] inputs() {
    int pixels = layer.side() * layer.side();
    short[] values = new short[Math.toIntExact(ROTATIONS * inputBytes / 2)];
    short[] own = new short[layer.images() * pixels * layer.in()];
    for (int image = 0; image < layer.images(); image++) {
      for (int pixel = 0; pixel < pixels; pixel++) {
        for (int input = 0; input < layer.in(); input++) {
          own[(image * pixels + pixel) * layer.in() + input] =
              Half.bits(layer.input(image, input, pixel / layer.side(), pixel % layer.side()));
        }
      }
    }
    for (int rotation = 0; rotation < ROTATIONS; rotation++) {
      int start = (int) (rotation * inputBytes / 2);
      for (int from = 0; from < inputBytes / 2; from += own.length) {
        System.arraycopy(
            own, 0, values, start + from, (int) Math.min(own.length, inputBytes / 2 - from));
      }
    }
    return values;
  }

  /** The layer. */
  ConvLayer layer() {
    return layer;
  }

  /** The outputs in double for the layer's own images, shape [images][out][side x side]. */
  double[] exact() {
    return exact;
  }

  /** One set of inputs and outputs. */
  Images images(int rotation) {
    return new Images(
        x.address() + rotation * inputBytes,
        y.address() + rotation * outputBytes,
        batch,
        layer.side(),
        layer.in(),
        layer.out());
  }

  /**
   * The relative Frobenius error for the layer's own images in the first set of outputs. Also
   * clears all outputs.
   */
  double error() {
    int pixels = layer.side() * layer.side();
    int images = Math.min(batch, layer.images());
    short[] bits = y.toShorts(images * pixels * layer.out());
    double off = 0;
    double size = 0;
    for (int image = 0; image < images; image++) {
      for (int output = 0; output < layer.out(); output++) {
        for (int pixel = 0; pixel < pixels; pixel++) {
          double expected = exact[(image * layer.out() + output) * pixels + pixel];
          double got = Half.value(bits[(image * pixels + pixel) * layer.out() + output]);
          off += (got - expected) * (got - expected);
          size += expected * expected;
        }
      }
    }
    y.clear(stream);
    stream.synchronize();
    return Math.sqrt(off / size);
  }

  @Override
  public void close() {
    resources.close();
  }
}
