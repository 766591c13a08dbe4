package io.sextant.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** CPU time in nanoseconds, which other work on the machine does not stretch. */
final class CpuClock {
  private CpuClock() {}

  static long ofThread() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** All threads of this process, the compiler's and the collector's among them. */
  static long ofProcess() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
