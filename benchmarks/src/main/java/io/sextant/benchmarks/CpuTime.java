package io.sextant.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Adds to JMH's wall time the milliseconds of CPU per call. */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class CpuTime {
  private long calls;
  private long nanos;

  @Setup(Level.Iteration)
  public void reset() {
    calls = 0;
    nanos = 0;
  }

  void spent(long nanosOfCall) {
    calls++;
    nanos += nanosOfCall;
  }

  /** JMH prints the result under this name. */
  public double cpuMillis() {
    return nanos / 1e6 / calls;
  }
}
