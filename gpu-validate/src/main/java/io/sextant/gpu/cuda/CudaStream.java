package io.sextant.gpu.cuda;

import static io.sextant.gpu.cuda.CudaCalls.check;

import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUevent;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** A queue of work on the current device, timed with the device's own clock. */
public final class CudaStream implements AutoCloseable {
  private final Handle stream = new Handle();
  private final CUevent start = new CUevent();
  private final CUevent end = new CUevent();

  /** Creates a stream that does not wait for other streams. */
  public CudaStream() {
    check(
        "cuStreamCreate",
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
    check("cuEventCreate", JCudaDriver.cuEventCreate(start, 0));
    check("cuEventCreate", JCudaDriver.cuEventCreate(end, 0));
  }

  CUstream handle() {
    return stream;
  }

  /** The driver's handle as a number, as other NVIDIA libraries take it. */
  public long address() {
    return stream.value();
  }

  /** Waits until the stream has finished its work. */
  public void synchronize() {
    check("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(stream));
  }

  /** Waits for the work and returns the microseconds that it took on the device. */
  public double microseconds(Runnable work) {
    check("cuEventRecord", JCudaDriver.cuEventRecord(start, stream));
    work.run();
    check("cuEventRecord", JCudaDriver.cuEventRecord(end, stream));
    check("cuEventSynchronize", JCudaDriver.cuEventSynchronize(end));
    float[] milliseconds = new float[1];
    check("cuEventElapsedTime", JCudaDriver.cuEventElapsedTime(milliseconds, start, end));
    return milliseconds[0] * 1e3;
  }

  /**
   * Microseconds of each piece of work. They are started one after the other without waiting, so
   * the host's launches overlap with earlier work; only the first may include its own launch.
   */
  public double[] laps(List<Runnable> work) {
    List<CUevent> marks = new ArrayList<>();
    try {
      for (int i = 0; i <= work.size(); i++) {
        CUevent mark = new CUevent();
        check("cuEventCreate", JCudaDriver.cuEventCreate(mark, 0));
        marks.add(mark);
      }
      for (int i = 0; i < work.size(); i++) {
        check("cuEventRecord", JCudaDriver.cuEventRecord(marks.get(i), stream));
        work.get(i).run();
      }
      check("cuEventRecord", JCudaDriver.cuEventRecord(marks.get(work.size()), stream));
      synchronize();
      double[] microseconds = new double[work.size()];
      float[] milliseconds = new float[1];
      for (int i = 0; i < microseconds.length; i++) {
        check(
            "cuEventElapsedTime",
            JCudaDriver.cuEventElapsedTime(milliseconds, marks.get(i), marks.get(i + 1)));
        microseconds[i] = milliseconds[0] * 1e3;
      }
      return microseconds;
    } finally {
      for (CUevent mark : marks) {
        check("cuEventDestroy", JCudaDriver.cuEventDestroy(mark));
      }
    }
  }

  /**
   * Records the work put on this stream as a graph. A graph starts its kernels without the host,
   * because a launch from Java takes longer than a small kernel.
   */
  public Graph capture(Runnable work) {
    check(
        "cuStreamBeginCapture",
        JCudaDriver.cuStreamBeginCapture(
            stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    CUgraph recorded = new CUgraph();
    try {
      work.run();
    } finally {
      check("cuStreamEndCapture", JCudaDriver.cuStreamEndCapture(stream, recorded));
    }
    return new Graph(recorded);
  }

  @Override
  public void close() {
    check("cuEventDestroy", JCudaDriver.cuEventDestroy(start));
    check("cuEventDestroy", JCudaDriver.cuEventDestroy(end));
    check("cuStreamDestroy", JCudaDriver.cuStreamDestroy(stream));
  }

  /** Recorded work of this stream. */
  public final class Graph implements AutoCloseable {
    private final CUgraph graph;
    private final CUgraphExec executable = new CUgraphExec();

    private Graph(CUgraph graph) {
      this.graph = graph;
      check("cuGraphInstantiate", JCudaDriver.cuGraphInstantiate(executable, graph, 0));
    }

    /** Starts the recorded work. */
    public void launch() {
      check("cuGraphLaunch", JCudaDriver.cuGraphLaunch(executable, stream));
    }

    @Override
    public void close() {
      check("cuGraphExecDestroy", JCudaDriver.cuGraphExecDestroy(executable));
      check("cuGraphDestroy", JCudaDriver.cuGraphDestroy(graph));
    }
  }

  /** JCuda does not expose the address, but cuBLASLt needs it as a number. */
  private static final class Handle extends CUstream {
    long value() {
      return getNativePointer();
    }
  }
}
