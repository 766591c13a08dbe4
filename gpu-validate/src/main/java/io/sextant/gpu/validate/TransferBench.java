package io.sextant.gpu.validate;

import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import java.util.Arrays;

/** Measures the time to send hidden states from one GPU to another, and results back. */
public final class TransferBench implements AutoCloseable {
  private static final int SAMPLES = 21;
  private static final int WARM_UPS = 3;

  private final CudaContext near;
  private final CudaContext far;
  private final CudaStream stream;

  /** Gives each device access to the other; the caller closes both. */
  public TransferBench(CudaContext near, CudaContext far) {
    this.near = near;
    this.far = far;
    far.enablePeerAccess(near);
    near.enablePeerAccess(far);
    stream = new CudaStream();
  }

  /** Median microseconds for sending this many bytes to the remote device. */
  public double dispatchMicros(long bytes) {
    return micros(near, far, bytes);
  }

  /** Median microseconds for copying this many bytes back. */
  public double combineMicros(long bytes) {
    return micros(far, near, bytes);
  }

  private double micros(CudaContext from, CudaContext to, long bytes) {
    from.makeCurrent();
    try (DeviceBuffer source = new DeviceBuffer(bytes)) {
      to.makeCurrent();
      try (DeviceBuffer target = new DeviceBuffer(bytes)) {
        near.makeCurrent();
        double[] micros = new double[SAMPLES];
        for (int i = -WARM_UPS; i < SAMPLES; i++) {
          double once = stream.microseconds(() -> source.copyTo(target, stream));
          if (i >= 0) {
            micros[i] = once;
          }
        }
        Arrays.sort(micros);
        return micros[SAMPLES / 2];
      }
    }
  }

  @Override
  public void close() {
    near.makeCurrent();
    stream.close();
  }
}
