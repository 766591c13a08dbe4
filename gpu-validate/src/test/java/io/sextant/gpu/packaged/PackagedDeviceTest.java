package io.sextant.gpu.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.kernel.KernelCompiler;
import io.sextant.gpu.library.RefusedCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Packages compiled by NVRTC from the sources of the repository; needs a GPU. */
@EnabledIf(
    value = "io.sextant.gpu.TestGpu#isThere",
    disabledReason = "no CUDA device on this machine")
class PackagedDeviceTest {
  @TempDir private Path folder;

  @Test
  void aPackageThatComputesItsRecipeIsAdmitted() throws IOException {
    admit("nvcc/skinny-row");
  }

  @Test
  void aPackageThatWritesOutsideItsMemoryIsRefused() {
    assertThatThrownBy(() -> admit("hostile/writes-outside"))
        .isInstanceOf(RefusedCallException.class)
        .hasMessage("only: it writes outside the outputs");
  }

  @Test
  void aPackageWithAnotherLayoutThanItSaysIsRefused() {
    assertThatThrownBy(() -> admit("hostile/liar"))
        .isInstanceOf(RefusedCallException.class)
        .hasMessageContaining("outputs differ from the emulation");
  }

  private void admit(String name) throws IOException {
    Path source = KernelPackageTest.PACKAGES.resolve(name);
    String plain = Files.readString(KernelPackageTest.PACKAGES.resolve("hostile/plain.cuh"));
    String text =
        Files.readString(source.resolve("kernel.cu")).replace("#include \"../plain.cuh\"", plain);
    try (CudaContext context = CudaContext.open(0);
        CudaStream stream = new CudaStream()) {
      byte[] cubin =
          new KernelCompiler(context.device(), folder.resolve("cache")).compile("package", text);
      Files.write(folder.resolve("kernel.cubin"), cubin);
      Files.copy(source.resolve(KernelPackage.FILE), folder.resolve(KernelPackage.FILE));
      try (LoadedPackage loaded =
          LoadedPackage.of(folder, KernelPackage.read(folder), context.device(), stream)) {
        assertThat(loaded.kernels()).hasSize(1);
      }
    }
  }
}
