package io.sextant.gpu.cuda;

import static io.sextant.gpu.cuda.CudaCalls.check;

import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** Compiled kernels, loaded on the current device. */
public final class CudaModule implements AutoCloseable {
  private final CUmodule module = new CUmodule();

  /** Loads a cubin. */
  public CudaModule(byte[] cubin) {
    check("cuModuleLoadData", JCudaDriver.cuModuleLoadData(module, cubin));
  }

  /** A kernel by its name in the source. */
  public CudaKernel kernel(String name) {
    CUfunction function = new CUfunction();
    check(
        "cuModuleGetFunction of " + name, JCudaDriver.cuModuleGetFunction(function, module, name));
    return new CudaKernel(name, function);
  }

  @Override
  public void close() {
    check("cuModuleUnload", JCudaDriver.cuModuleUnload(module));
  }
}
