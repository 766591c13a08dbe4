package io.sextant.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sextant.schema.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CudaDevicesTest {

  /** Passes with and without a GPU: expects the devices, or one line that says what is missing. */
  @Test
  void listsTheDevicesOrSaysWhatIsMissing() {
    // Try twice: after the first failure the JVM throws a different error.
    for (int call = 0; call < 2; call++) {
      CudaDevices[] found = new CudaDevices[1];
      Throwable thrown = catchThrowable(() -> found[0] = CudaDevices.list());
      if (thrown == null) {
        assertThat(found[0].driverVersion()).isGreaterThanOrEqualTo(12000);
        assertThat(found[0].devices())
            .isNotEmpty()
            .allSatisfy(
                device -> {
                  assertThat(device.name()).isNotBlank();
                  assertThat(device.memoryBytes()).isPositive();
                  assertThat(device.computeMajor()).isPositive();
                });
      } else {
        assertThat(thrown).isInstanceOf(InvalidInputException.class);
        assertThat(thrown.getMessage()).startsWith("No ").doesNotContain("\n").hasSizeLessThan(200);
      }
    }
  }

  @Test
  void namesAMissingDriver() {
    LinkageError first =
        new UnsatisfiedLinkError(
            "Error while loading native library \"JCudaDriver-12.6.0-linux-x86_64\"\n"
                + "java.lang.UnsatisfiedLinkError: no JCudaDriver-12.6.0-linux-x86_64 in"
                + " java.library.path: /usr/lib\n"
                + "java.lang.UnsatisfiedLinkError: /tmp/libJCudaDriver-12.6.0-linux-x86_64.so:"
                + " libcuda.so.1: cannot open shared object file: No such file or directory\n");
    String line =
        "No CUDA driver: libcuda.so.1 was not found. Install the NVIDIA driver, or run this on a"
            + " machine with a GPU";
    assertThat(MissingCuda.explain(first)).hasMessage(line);
    LinkageError later = new NoClassDefFoundError("Could not initialize class JCudaDriver");
    later.initCause(new ExceptionInInitializerError(first));
    assertThat(MissingCuda.explain(later)).hasMessage(line);
  }

  @Test
  void namesAMissingNativePart() {
    LinkageError error = new UnsatisfiedLinkError("no JCudaDriver in java.library.path");
    assertThat(MissingCuda.explain(error).getMessage())
        .startsWith("No JCuda: its native library for ")
        .endsWith("Run this on Linux x86-64, where JCuda has one");
  }

  @Test
  void namesAMissingDeviceAndAFailedCall() {
    assertThat(MissingCuda.noDevice()).hasMessageStartingWith("No CUDA device: ");
    assertThat(MissingCuda.failed("cuInit", "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"))
        .hasMessage(
            "CUDA driver: cuInit failed with CUDA_ERROR_SYSTEM_DRIVER_MISMATCH. See what nvidia-smi"
                + " says on this machine");
  }

  @Test
  void writesVersionsForAPerson() {
    CudaDevice hopper = new CudaDevice(0, "NVIDIA H200", 150_754_820_096L, 9, 0);
    CudaDevices found = new CudaDevices(13_010, List.of(hopper));
    assertThat(found.driverVersionText()).isEqualTo("13.1");
    assertThat(found.devices().get(0).computeCapability()).isEqualTo("9.0");
  }
}
