package io.sextant.gpu.library;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.NativeLongByReference;

/** A handle of cuSPARSELt, NVIDIA's library of 2:4 sparse products, on the current device. */
public final class CusparseLt implements AutoCloseable {
  /** The caller allocates the library's structures, whose sizes differ between versions. */
  private static final int STRUCTURE_BYTES = 16 << 10;

  private static final int STRUCTURE_ALIGNMENT = 64;

  private final Functions functions =
      NativeLibraries.load(Functions.class, "cuSPARSELt", "libcusparseLt.so.0");
  private final Memory handle = structure();

  /** Initialises the handle. */
  public CusparseLt() {
    check("cusparseLtInit", functions.cusparseLtInit(handle));
  }

  /** The version, for example {@code 0.8.1}. */
  public String version() {
    IntByReference version = new IntByReference();
    check("cusparseLtGetVersion", functions.cusparseLtGetVersion(handle, version));
    int value = version.getValue();
    return "%d.%d.%d".formatted(value / 1000, value % 1000 / 100, value % 100);
  }

  Functions functions() {
    return functions;
  }

  Pointer handle() {
    return handle;
  }

  /** Zeroed memory for any of the library's structures. */
  static Memory structure() {
    Memory memory = new Memory(STRUCTURE_BYTES + STRUCTURE_ALIGNMENT).align(STRUCTURE_ALIGNMENT);
    memory.clear();
    return memory;
  }

  void check(String call, int status) {
    if (status != 0) {
      throw new RefusedCallException(call, functions.cusparseLtGetErrorName(status));
    }
  }

  @Override
  public void close() {
    check("cusparseLtDestroy", functions.cusparseLtDestroy(handle));
  }

  /** The C functions, with the parameters declared in {@code cusparseLt.h}. */
  interface Functions extends Library {
    int cusparseLtInit(Pointer handle);

    int cusparseLtDestroy(Pointer handle);

    int cusparseLtGetVersion(Pointer handle, IntByReference version);

    String cusparseLtGetErrorName(int status);

    int cusparseLtDenseDescriptorInit(
        Pointer handle,
        Pointer matrix,
        long rows,
        long columns,
        long leadingDimension,
        int alignment,
        int type,
        int order);

    int cusparseLtStructuredDescriptorInit(
        Pointer handle,
        Pointer matrix,
        long rows,
        long columns,
        long leadingDimension,
        int alignment,
        int type,
        int order,
        int sparsity);

    int cusparseLtMatDescriptorDestroy(Pointer matrix);

    int cusparseLtMatmulDescriptorInit(
        Pointer handle,
        Pointer matmul,
        int operationA,
        int operationB,
        Pointer a,
        Pointer b,
        Pointer c,
        Pointer d,
        int computeType);

    int cusparseLtMatmulAlgSelectionInit(
        Pointer handle, Pointer selection, Pointer matmul, int algorithm);

    int cusparseLtMatmulAlgSelectionDestroy(Pointer selection);

    int cusparseLtMatmulAlgSetAttribute(
        Pointer handle, Pointer selection, int attribute, Pointer value, NativeLong bytes);

    int cusparseLtMatmulAlgGetAttribute(
        Pointer handle, Pointer selection, int attribute, Pointer value, NativeLong bytes);

    int cusparseLtMatmulPlanInit(Pointer handle, Pointer plan, Pointer matmul, Pointer selection);

    int cusparseLtMatmulPlanDestroy(Pointer plan);

    int cusparseLtMatmulGetWorkspace(Pointer handle, Pointer plan, NativeLongByReference bytes);

    int cusparseLtSpMMACompressedSize(
        Pointer handle,
        Pointer plan,
        NativeLongByReference bytes,
        NativeLongByReference bufferBytes);

    int cusparseLtSpMMACompress(
        Pointer handle,
        Pointer plan,
        Pointer dense,
        Pointer compressed,
        Pointer buffer,
        Pointer stream);

    int cusparseLtMatmul(
        Pointer handle,
        Pointer plan,
        Pointer alpha,
        Pointer a,
        Pointer b,
        Pointer beta,
        Pointer c,
        Pointer d,
        Pointer workspace,
        Pointer streams,
        int streamCount);
  }
}
