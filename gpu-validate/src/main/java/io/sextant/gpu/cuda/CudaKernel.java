package io.sextant.gpu.cuda;

import static io.sextant.gpu.cuda.CudaCalls.check;

import java.nio.ByteBuffer;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;

/** A function of a {@link CudaModule} that a grid of threads runs. */
public final class CudaKernel {
  private static final int STATIC_SHARED_LIMIT = 48 << 10;

  private final String name;
  private final CUfunction function;

  CudaKernel(String name, CUfunction function) {
    this.name = name;
    this.function = function;
  }

  /**
   * Starts the kernel.
   *
   * @param blocks number of blocks of the grid, in x
   * @param threads number of threads per block, in x
   * @param sharedBytes dynamic shared memory per block, in bytes
   * @param arguments the kernel's arguments in order: {@link Integer}, {@link Long} (addresses
   *     too), {@link Float}, or a direct {@link ByteBuffer} that holds a structure
   */
  public void launch(
      CudaStream stream, int blocks, int threads, int sharedBytes, Object... arguments) {
    launch(stream, blocks, 1, threads, sharedBytes, arguments);
  }

  /**
   * Starts the kernel on a grid with two dimensions; other parameters as above.
   *
   * @param rows number of blocks of the grid, in y
   */
  public void launch(
      CudaStream stream, int blocks, int rows, int threads, int sharedBytes, Object[] arguments) {
    if (sharedBytes > STATIC_SHARED_LIMIT) {
      check(
          "cuFuncSetAttribute of " + name,
          JCudaDriver.cuFuncSetAttribute(
              function,
              CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
              sharedBytes));
    }
    NativePointerObject[] pointers = new NativePointerObject[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      pointers[i] = pointerTo(arguments[i]);
    }
    check(
        "cuLaunchKernel of " + name,
        JCudaDriver.cuLaunchKernel(
            function,
            blocks,
            rows,
            1,
            threads,
            1,
            1,
            sharedBytes,
            stream.handle(),
            Pointer.to(pointers),
            null));
  }

  private Pointer pointerTo(Object argument) {
    if (argument instanceof Integer value) {
      return Pointer.to(new int[] {value});
    }
    if (argument instanceof Long value) {
      return Pointer.to(new long[] {value});
    }
    if (argument instanceof Float value) {
      return Pointer.to(new float[] {value});
    }
    if (argument instanceof ByteBuffer structure) {
      return Pointer.to(structure);
    }
    throw new IllegalArgumentException(name + " was given " + argument);
  }
}
