package io.sextant.gpu.expert;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.Matmul;
import io.sextant.gpu.library.MatmulShape;
import io.sextant.gpu.library.ScaleMode;
import io.sextant.gpu.library.Workspace;
import java.util.ArrayList;
import java.util.List;

/** One cuBLASLt product per expert that has tokens, one after the other. */
final class SingleProducts implements AutoCloseable {
  private final CudaStream stream;
  private final List<Single> products = new ArrayList<>();
  private final DeviceResources resources = new DeviceResources();

  private record Single(Matmul matmul, long weights, long activations, long outputs) {}

  SingleProducts(
      CublasLt library,
      CudaStream stream,
      DeviceBuffer workspace,
      GroupedGemm.Projection projection,
      int[] tokensOfExpert) {
    this.stream = stream;
    int width = projection.e4m3() ? 1 : 2;
    long first = 0;
    try {
      for (int expert = 0; expert < tokensOfExpert.length; expert++) {
        int count = tokensOfExpert[expert];
        if (count > 0) {
          MatmulShape shape = new MatmulShape(count, projection.out(), projection.k());
          Matmul matmul =
              projection.e4m3()
                  ? Matmul.e4m3(
                      library,
                      shape,
                      new Matmul.Scaling(
                          ScaleMode.ROW,
                          projection.weightScales().address() + 4L * expert * projection.out(),
                          ScaleMode.ROW,
                          scales(projection, first, count).address(),
                          true),
                      Workspace.of(workspace))
                  : Matmul.bf16(library, shape, Workspace.of(workspace));
          products.add(
              new Single(
                  resources.hold(matmul),
                  projection.weights().address()
                      + (long) expert * projection.out() * projection.k() * width,
                  projection.activations().address() + first * projection.k() * width,
                  projection.outputs().address() + 2 * first * projection.out()));
        }
        first += count;
      }
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /** A copy of an expert's token scales, because the library needs an alignment of 16 bytes. */
  private DeviceBuffer scales(GroupedGemm.Projection projection, long first, int count) {
    DeviceBuffer copy = resources.buffer(4L * count);
    projection.tokenScales().part(4 * first, 4L * count).copyTo(copy, stream);
    return copy;
  }

  /** Starts all products. */
  void start() {
    for (Single single : products) {
      single
          .matmul()
          .start(0, single.weights(), single.activations(), single.outputs(), stream.address());
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
