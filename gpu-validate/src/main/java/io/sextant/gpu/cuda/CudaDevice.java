package io.sextant.gpu.cuda;

/**
 * A GPU as its driver describes it.
 *
 * @param ordinal the driver's number, from 0
 * @param name name, for example {@code NVIDIA H200}
 * @param memoryBytes total memory in bytes, used or not
 * @param computeMajor major part of the compute capability: 9 for Hopper
 * @param computeMinor minor part of the compute capability
 */
public record CudaDevice(
    int ordinal, String name, long memoryBytes, int computeMajor, int computeMinor) {

  /** The compute capability, for example {@code 9.0}. */
  public String computeCapability() {
    return computeMajor + "." + computeMinor;
  }
}
