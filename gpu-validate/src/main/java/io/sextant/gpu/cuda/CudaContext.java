package io.sextant.gpu.cuda;

import static io.sextant.gpu.cuda.CudaCalls.check;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;

import io.sextant.schema.InvalidInputException;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/**
 * The primary context of one device, current on the thread that opened it. Closing it releases the
 * device; buffers, streams and modules must be closed first.
 */
public final class CudaContext implements AutoCloseable {
  private final CUdevice handle = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final CudaDevice device;

  private CudaContext(CudaDevice device) {
    this.device = device;
    check("cuDeviceGet", JCudaDriver.cuDeviceGet(handle, device.ordinal()));
    check("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, handle));
    makeCurrent();
  }

  /**
   * Opens a device.
   *
   * @param ordinal the driver's number of the device, from 0
   * @throws InvalidInputException in one line, if there is no driver or no such device
   */
  public static CudaContext open(int ordinal) {
    CudaDevices found = CudaDevices.list();
    if (ordinal < 0 || ordinal >= found.devices().size()) {
      throw InvalidInputException.of(
          "CUDA device " + ordinal,
          "the driver offers %d, numbered from 0".formatted(found.devices().size()),
          "See sextant gpu-validate devices");
    }
    return new CudaContext(found.devices().get(ordinal));
  }

  /** The driver's description of the device. */
  public CudaDevice device() {
    return device;
  }

  /** Number of streaming multiprocessors: 132 on an H200. */
  public int multiprocessors() {
    return CudaDevices.attribute(handle, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
  }

  /** Size of the L2 cache in bytes; timed buffers must be larger. */
  public long l2Bytes() {
    return CudaDevices.attribute(handle, CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
  }

  /** Makes this context current on the calling thread, for programs that open several devices. */
  public void makeCurrent() {
    check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context));
  }

  /** Lets kernels and copies of this context access another device's memory directly. */
  public void enablePeerAccess(CudaContext other) {
    makeCurrent();
    check("cuCtxEnablePeerAccess", JCudaDriver.cuCtxEnablePeerAccess(other.context, 0));
  }

  @Override
  public void close() {
    check("cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(handle));
  }
}
