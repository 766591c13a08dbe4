package io.sextant.gpu.packaged;

import io.sextant.gpu.cuda.CudaDevice;
import io.sextant.gpu.cuda.CudaStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A package whose variants were checked and are loaded on the current device.
 *
 * @param found the description
 * @param kernels the variants
 */
public record LoadedPackage(KernelPackage found, List<PackagedKernel> kernels)
    implements AutoCloseable {

  /**
   * Checks and loads a package.
   *
   * @throws io.sextant.gpu.library.RefusedCallException with the reason, if it must not be used
   */
  public static LoadedPackage of(
      Path folder, KernelPackage found, CudaDevice device, CudaStream stream) {
    return new LoadedPackage(found, new PackageCheck(found).admit(folder, device, stream));
  }

  @Override
  public void close() {
    kernels.forEach(PackagedKernel::close);
  }
}
