package io.sextant.gpu.cuda;

import static io.sextant.gpu.cuda.CudaCalls.checkSetUp;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDeviceTotalMem;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;
import static jcuda.driver.JCudaDriver.cuInit;

import io.sextant.schema.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import jcuda.driver.CUdevice;

/**
 * The CUDA devices of this machine. Needs the driver ({@code libcuda.so.1}) but no CUDA toolkit,
 * because JCuda's native part is in its jar.
 *
 * @param driverVersion the newest CUDA version that the driver supports, in the driver's encoding:
 *     13000 is 13.0
 * @param devices devices by ordinal, at least one
 */
public record CudaDevices(int driverVersion, List<CudaDevice> devices) {
  private static final int NAME_BYTES = 256;

  /**
   * The first UnsatisfiedLinkError, kept because later calls get a NoClassDefFoundError that does
   * not give the cause.
   */
  private static final AtomicReference<LinkageError> FIRST_FAILURE = new AtomicReference<>();

  public CudaDevices {
    devices = List.copyOf(devices);
  }

  /** The driver's CUDA version as text: {@code 13.0}. */
  public String driverVersionText() {
    return driverVersion / 1000 + "." + driverVersion % 1000 / 10;
  }

  /**
   * Queries the driver.
   *
   * @throws InvalidInputException in one line, if there is no driver, no device, or no native part
   *     of JCuda for this platform
   */
  public static CudaDevices list() {
    try {
      return ask();
    } catch (LinkageError e) {
      FIRST_FAILURE.compareAndSet(null, e);
      throw MissingCuda.explain(FIRST_FAILURE.get());
    }
  }

  private static CudaDevices ask() {
    checkSetUp("cuInit", cuInit(0));
    int[] value = new int[1];
    checkSetUp("cuDriverGetVersion", cuDriverGetVersion(value));
    int driverVersion = value[0];
    checkSetUp("cuDeviceGetCount", cuDeviceGetCount(value));
    int count = value[0];
    List<CudaDevice> devices = new ArrayList<>(count);
    for (int ordinal = 0; ordinal < count; ordinal++) {
      devices.add(describe(ordinal));
    }
    if (devices.isEmpty()) {
      throw MissingCuda.noDevice();
    }
    return new CudaDevices(driverVersion, devices);
  }

  private static CudaDevice describe(int ordinal) {
    CUdevice device = new CUdevice();
    checkSetUp("cuDeviceGet", cuDeviceGet(device, ordinal));
    byte[] name = new byte[NAME_BYTES];
    checkSetUp("cuDeviceGetName", cuDeviceGetName(name, NAME_BYTES, device));
    long[] memoryBytes = new long[1];
    checkSetUp("cuDeviceTotalMem", cuDeviceTotalMem(memoryBytes, device));
    return new CudaDevice(
        ordinal,
        text(name),
        memoryBytes[0],
        attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
  }

  static int attribute(CUdevice device, int attribute) {
    int[] value = new int[1];
    checkSetUp("cuDeviceGetAttribute", cuDeviceGetAttribute(value, attribute, device));
    return value[0];
  }

  /** The text of a C string, up to the first zero byte. */
  private static String text(byte[] bytes) {
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
