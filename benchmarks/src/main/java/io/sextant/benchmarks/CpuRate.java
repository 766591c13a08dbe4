package io.sextant.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Adds to JMH's wall time how many things are done per second of CPU. */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class CpuRate {
  private long things;
  private long nanos;

  @Setup(Level.Iteration)
  public void reset() {
    things = 0;
    nanos = 0;
  }

  /**
   * @param begun {@link CpuClock#ofThread} before the things were done
   */
  void done(long count, long begun) {
    things += count;
    nanos += CpuClock.ofThread() - begun;
  }

  /** JMH prints the result under this name. */
  public double perCpuSecond() {
    return things * 1e9 / nanos;
  }
}
