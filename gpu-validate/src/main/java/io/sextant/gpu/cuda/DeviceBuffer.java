package io.sextant.gpu.cuda;

import static io.sextant.gpu.cuda.CudaCalls.check;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;

/** Memory on the current device, freed on close. */
public final class DeviceBuffer implements AutoCloseable {
  private final Address pointer;
  private final CUdeviceptr start;
  private final long offset;
  private final long bytes;
  private final boolean owner;

  /** Allocates memory on the current device, aligned to 256 bytes and not initialised. */
  public DeviceBuffer(long bytes) {
    this.bytes = bytes;
    pointer = new Address();
    start = pointer;
    offset = 0;
    owner = true;
    check(
        "cuMemAlloc of %,d bytes".formatted(bytes),
        JCudaDriver.cuMemAlloc(pointer, Math.max(1, bytes)));
  }

  private DeviceBuffer(DeviceBuffer whole, long offset, long bytes) {
    pointer = whole.pointer;
    start = whole.start.withByteOffset(offset);
    this.offset = whole.offset + offset;
    this.bytes = bytes;
    owner = false;
  }

  /**
   * A part of this buffer; closing it does nothing.
   *
   * @param from offset of its first byte
   * @param count number of its bytes
   */
  public DeviceBuffer part(long from, long count) {
    return new DeviceBuffer(this, from, count);
  }

  /** A buffer that holds these bytes. */
  public static DeviceBuffer of(byte[] values) {
    return filled(values.length, Pointer.to(values));
  }

  /** A buffer that holds these 16-bit values, such as the bits of BF16. */
  public static DeviceBuffer of(short[] values) {
    return filled((long) Short.BYTES * values.length, Pointer.to(values));
  }

  /** A buffer that holds these 32-bit integers. */
  public static DeviceBuffer of(int[] values) {
    return filled((long) Integer.BYTES * values.length, Pointer.to(values));
  }

  /** A buffer that holds these 64-bit integers, such as addresses. */
  public static DeviceBuffer of(long[] values) {
    return filled((long) Long.BYTES * values.length, Pointer.to(values));
  }

  /** A buffer that holds these floats. */
  public static DeviceBuffer of(float[] values) {
    return filled((long) Float.BYTES * values.length, Pointer.to(values));
  }

  private static DeviceBuffer filled(long bytes, Pointer host) {
    DeviceBuffer buffer = new DeviceBuffer(bytes);
    try {
      check("cuMemcpyHtoD", JCudaDriver.cuMemcpyHtoD(buffer.start, host, bytes));
      return buffer;
    } catch (RuntimeException e) {
      buffer.close();
      throw e;
    }
  }

  /** The address to pass to a kernel. */
  public long address() {
    return pointer.value() + offset;
  }

  /** The size in bytes. */
  public long bytes() {
    return bytes;
  }

  /** Waits for earlier work, then copies the first values to the host. */
  public byte[] toBytes(int count) {
    byte[] values = new byte[count];
    copyBack(Pointer.to(values), count);
    return values;
  }

  /** As {@link #toBytes}, for 16-bit values. */
  public short[] toShorts(int count) {
    short[] values = new short[count];
    copyBack(Pointer.to(values), (long) Short.BYTES * count);
    return values;
  }

  /** As {@link #toBytes}, for 64-bit integers. */
  public long[] toLongs(int count) {
    long[] values = new long[count];
    copyBack(Pointer.to(values), (long) Long.BYTES * count);
    return values;
  }

  /** As {@link #toBytes}, for floats. */
  public float[] toFloats(int count) {
    float[] values = new float[count];
    copyBack(Pointer.to(values), (long) Float.BYTES * count);
    return values;
  }

  private void copyBack(Pointer host, long count) {
    check("cuCtxSynchronize", JCudaDriver.cuCtxSynchronize());
    check("cuMemcpyDtoH", JCudaDriver.cuMemcpyDtoH(host, start, count));
  }

  /** Starts a copy of this whole buffer into another one on a stream. */
  public void copyTo(DeviceBuffer target, CudaStream stream) {
    check(
        "cuMemcpyDtoDAsync",
        JCudaDriver.cuMemcpyDtoDAsync(target.start, start, bytes, stream.handle()));
  }

  /** Sets all bytes to a value and waits. */
  void fill(byte value) {
    check("cuMemsetD8", JCudaDriver.cuMemsetD8(start, value, bytes));
  }

  /** Copies values from the host to the start of this buffer. */
  public void put(byte[] values) {
    check("cuMemcpyHtoD", JCudaDriver.cuMemcpyHtoD(start, Pointer.to(values), values.length));
  }

  /** Starts setting all bytes to zero on a stream. */
  public void clear(CudaStream stream) {
    check("cuMemsetD8Async", JCudaDriver.cuMemsetD8Async(start, (byte) 0, bytes, stream.handle()));
  }

  @Override
  public void close() {
    if (owner) {
      check("cuMemFree", JCudaDriver.cuMemFree(pointer));
    }
  }

  /** JCuda does not expose the address, but kernels and cuBLASLt need it as a number. */
  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }
}
